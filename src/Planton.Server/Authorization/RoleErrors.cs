using Planton.Api.Errors;
using Planton.Server.Errors;

namespace Planton.Server.Authorization;

internal static class RoleErrors
{
    public const string Rule = "must be owner, admin, member or viewer";

    /// <summary>Null when <paramref name="role"/> is at most the caller's own: nobody gives, takes or uses more than they have.</summary>
    public static Error? Above(AccessChange change, CallerMembership organization, string role, string what)
    {
        var own = change.RoleIn(organization.OrganizationId);
        return PolicyTable.IsAbove(role, own)
            ? new Error(
                ErrorCode.PermissionDenied,
                $"{change.Caller.Name} is {own} of organization {organization.OrganizationName} and may not {what}",
                $"It takes the role {role} or higher.")
            : null;
    }
}
