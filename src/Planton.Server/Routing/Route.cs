using Planton.Server.Runners;

namespace Planton.Server.Routing;

/// <summary>The runner that a connection's operations go to.</summary>
/// <param name="Runner">The runner.</param>
/// <param name="OrganizationName">The runner's organization; null for a platform runner.</param>
/// <param name="Level">Where it was found.</param>
internal sealed record Route(RunnerEntity Runner, string? OrganizationName, RouteLevel Level);
