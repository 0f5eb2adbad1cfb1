using Planton.Api.Runners;
using Planton.Server.Authorization;

namespace Planton.Server.Runners;

/// <summary>What the API shows of a runner: what is stored, and the tunnels that are open now.</summary>
internal static class RunnerView
{
    public static Runner Of(
        RunnerEntity runner, string? organization, int validCredentials, IReadOnlyList<RunnerTunnel> liveTunnels, bool hidesAddresses = false)
    {
        var tunnels = Tunnels(liveTunnels, hidesAddresses);
        var (status, since) = StatusOf(runner, tunnels);
        var newest = tunnels.MaxBy(tunnel => tunnel.ConnectedAt);
        return new Runner
        {
            Id = runner.Id,
            Name = runner.Name,
            Organization = organization,
            CreatedAt = runner.CreatedAt,
            Status = status,
            StatusSince = since,
            Version = newest?.Version ?? runner.LastVersion,
            Address = hidesAddresses ? null : newest?.Address ?? runner.LastAddress,
            Tunnels = tunnels,
            ValidCredentials = validCredentials,
        };
    }

    /// <summary>Whether the caller may not see where a runner is: everyone uses the platform's, and only its operators run them.</summary>
    public static bool HidesAddresses(RunnerEntity runner, CallerIdentity caller) =>
        runner.OrganizationId is null && Authorizer.Check(caller, null, Permission.ManagePlatformRunner) is not null;

    public static IReadOnlyList<RunnerTunnel> Tunnels(IReadOnlyList<RunnerTunnel> tunnels, bool hidesAddresses) =>
        hidesAddresses ? [.. tunnels.Select(tunnel => tunnel with { Address = "", HostName = null })] : tunnels;

    /// <summary>Whether it is connected, and since when.</summary>
    public static (string Status, DateTimeOffset? Since) StatusOf(RunnerEntity runner, IReadOnlyList<RunnerTunnel> tunnels)
    {
        if (tunnels.Count > 0)
        {
            var first = tunnels.Min(tunnel => tunnel.ConnectedAt);
            return tunnels.Any(tunnel => tunnel.State == "ready")
                ? (RunnerStatus.Connected, first)
                : (RunnerStatus.Draining, runner.LastSeenAt ?? first);
        }

        // A control plane that was killed could not write that it lost the runner: then the last that was seen is what is known.
        var lost = runner.DisconnectedAt ?? runner.LastSeenAt ?? runner.ConnectedSince;
        return lost is null ? (RunnerStatus.NeverConnected, null) : (RunnerStatus.Disconnected, lost);
    }
}
