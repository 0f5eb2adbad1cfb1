using Planton.Api.Errors;
using Planton.Server.Errors;

namespace Planton.Server.Authorization;

internal static class OrganizationErrors
{
    /// <summary>The answer for an organization that does not exist, and for one that the caller is no member of: the same.</summary>
    public static Error NotFound(string? name, CallerIdentity caller)
    {
        var known = caller.Memberships.Select(membership => membership.OrganizationName).ToList();
        var what = name is null ? "the organization" : $"organization \"{name}\"";
        return new Error(
            ErrorCode.OrganizationNotFound,
            $"{what} does not exist, or {caller.Name} is not a member of it",
            name is null ? null : NearMisses.Hint(name, known, "planton org list"));
    }

    public static Error TooMany(string user) => new(
        ErrorCode.Conflict, $"{user} has made {Organizations.OrganizationQueries.MaxOfUser} organizations, which is the most",
        "Delete one that is not used, or leave one that has another owner: planton member leave --org ORG");

    /// <summary>The answer to changes and operations in an organization all of whose owners are suspended.</summary>
    public static Error Frozen(string organization) => new(
        ErrorCode.PermissionDenied,
        $"organization \"{organization}\" is frozen: every owner of it is suspended, and nothing is changed or sent there meanwhile",
        $"A platform operator can help: planton user resume NAME for an owner, or another owner with planton member set NAME --role owner --org {organization}");
}
