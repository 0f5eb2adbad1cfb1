using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Members;

internal static class MemberErrors
{
    private const int MaxCompared = 1000;

    public static async Task<Error> NotFoundAsync(
        ControlPlaneContext context, CallerMembership organization, string user, CancellationToken cancellationToken)
    {
        var known = await MemberQueries.InOrganization(context, organization.OrganizationId).Select(row => row.User).OrderBy(name => name).Take(MaxCompared)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return new Error(
            ErrorCode.NotFound,
            $"organization \"{organization.OrganizationName}\" has no member \"{user}\"",
            NearMisses.Hint(user, known, $"planton member list --org {organization.OrganizationName}"));
    }

    /// <summary>
    /// The same for a name that nobody has and for a user who cannot be added, and without near misses: who has an account here is
    /// the platform operator's to know.
    /// </summary>
    public static Error NotAddable(string user) => new(
        ErrorCode.NotFound,
        $"\"{user}\" was not added: there is no such user, or they cannot be added",
        "Ask for the exact name. A platform operator sees who there is with planton user list, and can make a user: planton user create NAME");

    public static Error LastOwner(CallerMembership organization, string user) => new(
        ErrorCode.Conflict,
        $"\"{user}\" is the last owner of organization \"{organization.OrganizationName}\" and stays it",
        $"Make another owner first: planton member set NAME --role owner --org {organization.OrganizationName}");

    public static Error LastOwnerLeaves(CallerMembership organization) => new(
        ErrorCode.Conflict,
        $"you are the last owner of organization \"{organization.OrganizationName}\" and did not leave it",
        $"Make another owner first: planton member set NAME --role owner --org {organization.OrganizationName}; or delete it: planton org delete {organization.OrganizationName}");

    public static Error UsersAlone(CallerIdentity caller, CallerMembership organization) => new(
        ErrorCode.PermissionDenied,
        $"{caller.Name} is a service account of organization {organization.OrganizationName} and cannot leave it",
        $"An admin deletes it with: planton service-account delete {caller.Name} --org {organization.OrganizationName}");

    public static Error TooMany(CallerMembership organization) => new(
        ErrorCode.Conflict,
        $"organization \"{organization.OrganizationName}\" has {MemberService.MaxMembers} members, which is the most",
        $"Remove one who left: planton member remove NAME --org {organization.OrganizationName}");
}
