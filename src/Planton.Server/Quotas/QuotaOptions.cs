namespace Planton.Server.Quotas;

/// <summary>
/// What one caller, organization, runner or address may use. The defaults are generous for real clients and small beside what the
/// server as a whole can do; <c>docs/reference/server.md</c> has the reasons.
/// </summary>
internal sealed record QuotaOptions
{
    /// <summary>Requests of one user or service account to the API and below <c>/kubernetes</c>, each second, after <see cref="CallerRequestBurst"/>.</summary>
    public int CallerRequestsPerSecond { get; init; } = 100;

    /// <summary>How many of them at once after a pause.</summary>
    public int CallerRequestBurst { get; init; } = 1_000;

    /// <summary>The same for all callers of one organization together: more service accounts are no more requests.</summary>
    public int OrganizationRequestsPerSecond { get; init; } = 1_000;

    public int OrganizationRequestBurst { get; init; } = 5_000;

    /// <summary>Operations in flight of one caller, over all runners.</summary>
    public int CallerOperations { get; init; } = 2_000;

    /// <summary>The share of one runner's capacity that the operations in flight of one caller may take, in percent.</summary>
    public int CallerRunnerPercent { get; init; } = 25;

    /// <summary>Operations in flight of one organization, over all runners.</summary>
    public int OrganizationOperations { get; init; } = 5_000;

    /// <summary>The share of a platform runner's capacity that one organization may take, in percent.</summary>
    public int OrganizationRunnerPercent { get; init; } = 50;

    /// <summary>Tunnels of one runner: its replicas, and while they reconnect the old beside the new.</summary>
    public int RunnerTunnels { get; init; } = 32;

    /// <summary>Tunnels of all runners of one organization.</summary>
    public int OrganizationTunnels { get; init; } = 2_000;

    /// <summary>Runners of one organization; of the platform as well.</summary>
    public int OrganizationRunners { get; init; } = 500;

    /// <summary>Connections of one organization.</summary>
    public int OrganizationConnections { get; init; } = 1_000;

    /// <summary>What one organization's secrets and variables, with their versions, and its connections' credentials take, in MiB.</summary>
    public int OrganizationStoredMebibytes { get; init; } = 256;

    /// <summary>Audit records of one organization that wait to be written.</summary>
    public int OrganizationAuditBacklog { get; init; } = 1_000;

    /// <summary>Denials of one caller, action and code that are recorded one by one in a minute; the rest become one record.</summary>
    public int CallerDenialsRecorded { get; init; } = 10;

    /// <summary>Authentications from one address that may fail in a minute before further failures are answered with 429.</summary>
    public int AddressAuthenticationFailures { get; init; } = 100;

    /// <summary>Authentications with one key's id that may fail in a minute before the same failure is answered from memory.</summary>
    public int KeyAuthenticationFailures { get; init; } = 10;

    /// <summary>Dials with one certificate that may be refused in a minute before it is refused in the handshake, without a word.</summary>
    public int CertificateRefusals { get; init; } = 10;

    /// <summary>Dials from one address that may be refused in a minute before its dials are slowed to <see cref="AddressDialsPerSecond"/>.</summary>
    public int AddressRefusals { get; init; } = 100;

    /// <summary>Dials that an address beyond <see cref="AddressRefusals"/> still has each second.</summary>
    public int AddressDialsPerSecond { get; init; } = 50;
}
