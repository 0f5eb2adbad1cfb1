using Planton.Server.RunnerGrants;
using Planton.Server.Runners;

namespace Planton.Server.Routing;

/// <summary>The runner that a connection's operations go to.</summary>
/// <param name="Runner">The runner.</param>
/// <param name="OrganizationName">The runner's organization; null for a platform runner.</param>
/// <param name="Level">Where it was found.</param>
internal sealed record Route(RunnerEntity Runner, string? OrganizationName, RouteLevel Level)
{
    /// <summary>Whether the runner is the platform's: then its contexts and addresses are not for the organization's members to read.</summary>
    public bool IsOfPlatform => Runner.OrganizationId is null;

    /// <summary>What is granted at a runner of the platform; null at the organization's own, and while it has not been checked.</summary>
    public GrantedAccess? Access { get; init; }
}
