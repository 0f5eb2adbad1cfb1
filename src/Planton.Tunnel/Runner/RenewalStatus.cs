namespace Planton.Tunnel.Runner;

/// <summary>How the renewal of a runner's certificate stands at one moment.</summary>
/// <param name="ExpiresAt">When the certificate in use ends, UTC.</param>
/// <param name="DueAt">When it is renewed, or tried again, UTC.</param>
/// <param name="Failures">Attempts that failed since the last one that did not.</param>
/// <param name="LastError">Why the last of them failed, for people. No secrets.</param>
public sealed record RenewalStatus(DateTimeOffset ExpiresAt, DateTimeOffset DueAt, int Failures, string? LastError);
