using Planton.Api.Errors;
using Planton.Server.Errors;

namespace Planton.Server.Authorization;

/// <summary>The one place where "may this caller do this" is answered.</summary>
internal static class Authorizer
{
    /// <summary>
    /// Null when allowed. <paramref name="organizationId"/> is null for what belongs to no organization. A caller who is not a
    /// member of the organization gets <see cref="ErrorCode.OrganizationNotFound"/>: whether it exists is none of their business.
    /// </summary>
    public static Error? Check(CallerIdentity caller, string? organizationId, Permission permission)
    {
        if (organizationId is null)
            return CheckPlatform(caller, permission);
        var membership = caller.Memberships.FirstOrDefault(membership => membership.OrganizationId == organizationId);
        if (membership is null)
            return OrganizationErrors.NotFound(null, caller);
        // A runner's identity resolves what its organization gives it; it never acts on other targets, whatever role it was given.
        var role = caller.RunnerId is null ? membership.Role : RoleName.Viewer;
        return (caller.RunnerId is null ? PolicyTable.Allows(role, permission) : PolicyTable.AllowsRunner(permission))
            ? null
            : new Error(
                ErrorCode.PermissionDenied,
                $"{caller.Name} is {role} of organization {membership.OrganizationName} and may not {Describe(permission)}",
                PolicyTable.LeastRole(permission) is { } least
                    ? $"It takes the role {least} or higher; an owner of {membership.OrganizationName} can grant it."
                    : null);
    }

    private static Error? CheckPlatform(CallerIdentity caller, Permission permission) => PolicyTable.AllowsOnPlatform(caller, permission)
        ? null
        : new Error(
            ErrorCode.PermissionDenied,
            $"{caller.Name} may not {Describe(permission)}",
            PolicyTable.NeedsOperator(permission) ? "It takes the platform operator." : null);

    private static string Describe(Permission permission) => permission switch
    {
        Permission.ReadOrganization => "see it",
        Permission.CreateOrganization => "create organizations",
        Permission.DeleteOrganization => "delete it",
        Permission.ReadRunner => "see its runners",
        Permission.RegisterRunner => "register runners",
        Permission.DeleteRunner => "delete runners",
        Permission.ReadRunnerCredentials => "list runner credentials",
        Permission.GenerateRunnerCredentials => "generate runner credentials",
        Permission.RevokeRunnerCredentials => "revoke runner credentials",
        Permission.SetDefaultRunner => "set its default runner",
        Permission.ReadConnection => "see its connections",
        Permission.CreateConnection => "create connections",
        Permission.DeleteConnection => "delete connections",
        Permission.TestConnection => "test connections",
        Permission.UseConnection => "use connections",
        Permission.UpdateConnection => "change connections",
        Permission.ReadAudit => "see its audit trail",
        Permission.ReadEnvironment => "see its environments",
        Permission.ManageEnvironment => "make and delete environments",
        Permission.ReadSecret => "see its secrets",
        Permission.WriteSecret => "write secrets",
        Permission.RevealSecret => "read the values of secrets",
        Permission.ReadVariable => "see its variables",
        Permission.WriteVariable => "write variables",
        Permission.ReadMember => "see its members",
        Permission.ManageMember => "add, change and remove members",
        Permission.ReadServiceAccount => "see its service accounts",
        Permission.ManageServiceAccount => "manage service accounts and their keys",
        Permission.ManageOwnKeys => "have keys of its own: a runner gets them with its credentials",
        Permission.ManageUser => "manage users",
        Permission.ReadPlatformAudit => "see the audit trail of the platform",
        Permission.ReadMetrics => "read the metrics of the platform",
        Permission.ReadPlatformRunner => "see the platform's runners",
        Permission.ManagePlatformRunner => "manage the platform's runners",
        _ => permission.ToString(),
    };
}
