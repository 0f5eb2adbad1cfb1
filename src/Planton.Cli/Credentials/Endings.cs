using System.Globalization;
using Planton.Api.Credentials;
using Planton.Api.Runners;

namespace Planton.Cli.Credentials;

/// <summary>What a revocation ends or ended, in words.</summary>
internal static class Endings
{
    public static string Of(RevocationSummary summary) =>
        $"Revoked {Count(summary.Credentials, "credential")} and {Count(summary.ApiKeys, "API key")}; "
        + $"cut {Count(summary.Tunnels, "tunnel")} and {Count(summary.Operations, "operation")}.";

    public static string Of(RunnerImpact impact) =>
        $"{Count(impact.Credentials, "valid credential")}, {Count(impact.Tunnels, "tunnel")} and {Count(impact.Operations, "operation")}";

    public static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
