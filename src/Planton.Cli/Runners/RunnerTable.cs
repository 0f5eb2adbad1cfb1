using System.Globalization;
using Planton.Api;
using Planton.Api.Runners;
using Planton.Cli.Output;

namespace Planton.Cli.Runners;

/// <summary>How runners look on a terminal.</summary>
internal static class RunnerTable
{
    public static void WriteList(TextWriter output, IEnumerable<Runner> runners, TimeProvider clock)
    {
        var table = new TextTable("NAME", "ORGANIZATION", "STATUS", "SINCE", "VERSION", "ADDRESS", "REPLICAS");
        foreach (var runner in runners)
            table.Add(
                runner.Name,
                runner.Organization ?? "(platform)",
                runner.Status,
                Times.Ago(runner.StatusSince, clock),
                runner.Version,
                runner.Address,
                Count(Tunnels(runner).Count));
        table.Write(output);
    }

    public static void WriteOne(TextWriter output, Runner runner, TimeProvider clock)
    {
        WriteList(output, [runner], clock);
        output.Write($"\nId: {SafeText.OneLine(runner.Id)}\nRegistered: {Times.Utc(runner.CreatedAt)}\nStatus since: {Since(runner)}\nValid credentials: {Count(runner.ValidCredentials)}\n");
        if (Tunnels(runner).Count == 0)
            return;
        output.Write('\n');
        var tunnels = new TextTable("TUNNEL", "STATE", "CONNECTED", "HOST", "ADDRESS", "VERSION", "OPERATIONS");
        foreach (var tunnel in Tunnels(runner))
            tunnels.Add(tunnel.Id, tunnel.State, Times.Ago(tunnel.ConnectedAt, clock), tunnel.HostName, tunnel.Address, tunnel.Version, Count(tunnel.Operations));
        tunnels.Write(output);
    }

    /// <summary>Null when the answer does not name them at all.</summary>
    private static IReadOnlyList<RunnerTunnel> Tunnels(Runner runner) => runner.Tunnels ?? [];

    private static string Since(Runner runner) => runner.StatusSince is { } since ? Times.Utc(since) : "never connected";

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
}
