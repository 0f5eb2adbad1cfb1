using System.Globalization;
using Planton.Api;
using Planton.Api.Routing;
using Planton.Cli.Output;

namespace Planton.Cli.Explanations;

/// <summary>How a route looks on a terminal: where a runner was looked for, what was found, and its replicas.</summary>
internal static class RouteTable
{
    public static void Write(TextWriter output, RouteExplanation route)
    {
        output.Write($"Connection: {SafeText.OneLine(route.Connection)}\n\n");
        var steps = new TextTable("LEVEL", "RUNNER", "WHY");
        foreach (var step in route.Steps ?? [])
            steps.Add(step.Level, step.Runner ?? "(none)", step.Detail);
        steps.Write(output);
        if (route.Runner is null)
            return;

        var place = route.RunnerOrganization is null ? "on the platform" : $"in organization {route.RunnerOrganization}";
        var since = route.StatusSince is null ? "" : $" since {Times.Utc(route.StatusSince)}";
        output.Write($"\nRunner: {SafeText.OneLine(route.Runner)} {SafeText.OneLine(place)}, by {SafeText.OneLine(route.Level ?? "")}; {SafeText.OneLine(route.Status ?? "")}{since}\n");
        if (route.Tunnels is not { Count: > 0 } tunnels)
            return;
        output.Write('\n');
        var table = new TextTable("TUNNEL", "REPLICA", "STATE", "HOST", "ADDRESS", "VERSION", "OPERATIONS", "TAKEN");
        foreach (var tunnel in tunnels)
            table.Add(
                tunnel.Id,
                tunnel.ReplicaId,
                tunnel.State,
                tunnel.HostName,
                tunnel.Address,
                tunnel.Version,
                tunnel.Operations.ToString(CultureInfo.InvariantCulture),
                tunnel.Chosen ? "yes" : "");
        table.Write(output);
    }
}
