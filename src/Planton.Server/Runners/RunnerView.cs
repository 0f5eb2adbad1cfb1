using Planton.Api.Runners;

namespace Planton.Server.Runners;

/// <summary>What the API shows of a runner: what is stored, and the tunnels that are open now.</summary>
internal static class RunnerView
{
    public static Runner Of(RunnerEntity runner, string? organization, int validCredentials, IReadOnlyList<RunnerTunnel> tunnels)
    {
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
            Address = newest?.Address ?? runner.LastAddress,
            Tunnels = tunnels,
            ValidCredentials = validCredentials,
        };
    }

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
