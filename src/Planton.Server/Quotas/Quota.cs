namespace Planton.Server.Quotas;

/// <summary>One limit that <c>--quota NAME=VALUE</c> sets.</summary>
/// <param name="Name">What people write, and what errors name.</param>
/// <param name="Least">The least value.</param>
/// <param name="Most">The greatest one.</param>
/// <param name="Get">Its value in the options.</param>
/// <param name="Set">The options with another value.</param>
internal sealed record Quota(string Name, int Least, int Most, Func<QuotaOptions, int> Get, Func<QuotaOptions, int, QuotaOptions> Set)
{
    private const int Many = 1_000_000;

    public static Quota CallerRequestsPerSecond { get; } = new("caller-requests-per-second", 1, Many, o => o.CallerRequestsPerSecond, (o, v) => o with { CallerRequestsPerSecond = v });

    public static Quota CallerRequestBurst { get; } = new("caller-request-burst", 1, Many, o => o.CallerRequestBurst, (o, v) => o with { CallerRequestBurst = v });

    public static Quota OrganizationRequestsPerSecond { get; } =
        new("organization-requests-per-second", 1, Many, o => o.OrganizationRequestsPerSecond, (o, v) => o with { OrganizationRequestsPerSecond = v });

    public static Quota OrganizationRequestBurst { get; } = new("organization-request-burst", 1, Many, o => o.OrganizationRequestBurst, (o, v) => o with { OrganizationRequestBurst = v });

    public static Quota CallerOperations { get; } = new("caller-operations", 1, Many, o => o.CallerOperations, (o, v) => o with { CallerOperations = v });

    public static Quota CallerRunnerPercent { get; } = new("caller-runner-percent", 1, 100, o => o.CallerRunnerPercent, (o, v) => o with { CallerRunnerPercent = v });

    public static Quota OrganizationOperations { get; } = new("organization-operations", 1, Many, o => o.OrganizationOperations, (o, v) => o with { OrganizationOperations = v });

    public static Quota OrganizationRunnerPercent { get; } = new("organization-runner-percent", 1, 100, o => o.OrganizationRunnerPercent, (o, v) => o with { OrganizationRunnerPercent = v });

    public static Quota RunnerTunnels { get; } = new("runner-tunnels", 1, 10_000, o => o.RunnerTunnels, (o, v) => o with { RunnerTunnels = v });

    public static Quota OrganizationTunnels { get; } = new("organization-tunnels", 1, 20_000, o => o.OrganizationTunnels, (o, v) => o with { OrganizationTunnels = v });

    public static Quota OrganizationRunners { get; } = new("organization-runners", 1, 20_000, o => o.OrganizationRunners, (o, v) => o with { OrganizationRunners = v });

    public static Quota OrganizationConnections { get; } = new("organization-connections", 1, 20_000, o => o.OrganizationConnections, (o, v) => o with { OrganizationConnections = v });

    public static Quota OrganizationStoredMebibytes { get; } = new("organization-stored-mib", 1, Many, o => o.OrganizationStoredMebibytes, (o, v) => o with { OrganizationStoredMebibytes = v });

    public static Quota OrganizationAuditBacklog { get; } = new("organization-audit-backlog", 1, 10_000, o => o.OrganizationAuditBacklog, (o, v) => o with { OrganizationAuditBacklog = v });

    public static Quota CallerDenialsRecorded { get; } = new("caller-denials-recorded", 1, 10_000, o => o.CallerDenialsRecorded, (o, v) => o with { CallerDenialsRecorded = v });

    public static Quota AddressAuthenticationFailures { get; } =
        new("address-authentication-failures", 1, Many, o => o.AddressAuthenticationFailures, (o, v) => o with { AddressAuthenticationFailures = v });

    public static Quota KeyAuthenticationFailures { get; } = new("key-authentication-failures", 1, Many, o => o.KeyAuthenticationFailures, (o, v) => o with { KeyAuthenticationFailures = v });

    public static Quota CertificateRefusals { get; } = new("certificate-refusals", 1, Many, o => o.CertificateRefusals, (o, v) => o with { CertificateRefusals = v });

    public static Quota AddressRefusals { get; } = new("address-refusals", 1, Many, o => o.AddressRefusals, (o, v) => o with { AddressRefusals = v });

    public static Quota AddressDialsPerSecond { get; } = new("address-dials-per-second", 1, Many, o => o.AddressDialsPerSecond, (o, v) => o with { AddressDialsPerSecond = v });

    /// <summary>All of them, as the reference lists them.</summary>
    public static IReadOnlyList<Quota> All { get; } =
    [
        CallerRequestsPerSecond, CallerRequestBurst, OrganizationRequestsPerSecond, OrganizationRequestBurst,
        CallerOperations, CallerRunnerPercent, OrganizationOperations, OrganizationRunnerPercent,
        RunnerTunnels, OrganizationTunnels, OrganizationRunners, OrganizationConnections, OrganizationStoredMebibytes,
        OrganizationAuditBacklog, CallerDenialsRecorded, AddressAuthenticationFailures, KeyAuthenticationFailures,
        CertificateRefusals, AddressRefusals, AddressDialsPerSecond,
    ];
}
