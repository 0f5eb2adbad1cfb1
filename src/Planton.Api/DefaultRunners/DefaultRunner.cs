namespace Planton.Api.DefaultRunners;

/// <summary>The runner that connections use when they name none, and where that is set.</summary>
/// <param name="Effective">The one that is used; null when there is none.</param>
/// <param name="Organization">The name of the organization's default; null when it has none, and for the platform.</param>
/// <param name="Platform">The name of the platform's default; null when it has none.</param>
public sealed record DefaultRunner(EffectiveDefaultRunner? Effective, string? Organization, string? Platform);
