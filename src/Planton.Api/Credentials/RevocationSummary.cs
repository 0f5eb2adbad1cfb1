namespace Planton.Api.Credentials;

/// <summary>What a revocation ended. It is cut when this is answered.</summary>
/// <param name="Credentials">Credentials that were valid and are no more.</param>
/// <param name="ApiKeys">API keys that were valid and are no more.</param>
/// <param name="Tunnels">Live tunnels that were cut.</param>
/// <param name="Operations">Operations that were under way and were cut: requests, watches, logs, shells.</param>
public sealed record RevocationSummary(int Credentials, int ApiKeys, int Tunnels, int Operations);
