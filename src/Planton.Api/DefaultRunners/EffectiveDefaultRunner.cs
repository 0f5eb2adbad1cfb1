namespace Planton.Api.DefaultRunners;

/// <summary>The default runner that is used.</summary>
/// <param name="Runner">Its name.</param>
/// <param name="Level">One of <see cref="Routing.RouteLevelName"/>, never <c>connection</c>.</param>
public sealed record EffectiveDefaultRunner(string Runner, string Level);
