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
        ErrorCode.Conflict, $"{user} is a member of {Organizations.OrganizationQueries.MaxOfUser} organizations, which is the most");
}
