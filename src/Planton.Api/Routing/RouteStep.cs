namespace Planton.Api.Routing;

/// <summary>One place where a runner was looked for.</summary>
/// <param name="Level">One of <see cref="RouteLevelName"/>.</param>
/// <param name="Runner">What was found there; null when nothing was.</param>
/// <param name="Detail">The same in words.</param>
public sealed record RouteStep(string Level, string? Runner, string Detail);
