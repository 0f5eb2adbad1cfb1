using System.Globalization;
using Planton.Api.Errors;
using Planton.Server.Connections;
using Planton.Server.Errors;
using Planton.Server.Runners;

namespace Planton.Server.Routing;

/// <summary>What people are told when an operation cannot reach, or loses, its runner.</summary>
internal static class RouteErrors
{
    public static Error NoRunnerAvailable(ConnectionEntity connection) => new(
        ErrorCode.NoRunnerAvailable,
        $"no runner is available for connection \"{connection.Name}\": it names none, and neither the organization nor the platform has a default runner",
        "Make the connection with --runner NAME, or set a default with: planton runner set-default NAME");

    public static Error RunnerDeleted(ConnectionEntity connection, string runner) => new(
        ErrorCode.NoRunnerAvailable,
        $"no runner is available for connection \"{connection.Name}\": its runner \"{runner}\" was deleted, and no default takes its place, which may reach another cluster",
        $"Register it again with: planton runner generate-credentials {runner}, or make the connection anew with --runner NAME.");

    public static Error Unreachable(Route route, DateTimeOffset now)
    {
        var runner = route.Runner;
        var where = route.OrganizationName is null ? "of the platform" : $"of organization \"{route.OrganizationName}\"";
        var since = runner switch
        {
            { DisconnectedAt: { } at } => $"is not connected since {Time(at)} ({Ago(now - at)})",
            { ConnectedSince: { } or null, LastSeenAt: { } seen } => $"is not connected; it was last seen at {Time(seen)} ({Ago(now - seen)})",
            _ => $"has never connected since it was registered at {Time(runner.CreatedAt)}",
        };
        var start = route.IsOfPlatform ? "A platform operator can start it" : $"Start it, or see what it logs: planton runner start {runner.Name}";
        return new Error(
            ErrorCode.RunnerUnreachable,
            $"runner \"{runner.Name}\" {where} is unreachable: it {since}{(route.IsOfPlatform ? "" : Last(runner))}. The operation was not sent",
            $"{start}; its state: {GetCommand(route)}");
    }

    public static Error Busy(Route route) => new(
        ErrorCode.RunnerBusy,
        $"runner \"{route.Runner.Name}\" has as many operations under way as it may. The operation was not sent",
        "Try again later, or run more replicas of the runner.");

    public static Error Unable(Route route) => new(
        ErrorCode.RefusedByRunner,
        $"runner \"{route.Runner.Name}\" is too old for connections that bring their own credentials{(route.IsOfPlatform ? " within granted address ranges" : "")}. The operation was not sent",
        "Update the runner.");

    public static Error Lost(Route route) => new(
        ErrorCode.RunnerLost,
        $"the tunnel to runner \"{route.Runner.Name}\" broke during the operation. It may have run",
        $"Look before you repeat it. The runner's state: {GetCommand(route)}");

    private static string GetCommand(Route route) => $"planton runner get {route.Runner.Name}{(route.IsOfPlatform ? " --platform" : "")}";

    private static string Last(RunnerEntity runner) => runner switch
    {
        { LastAddress: { } address, LastVersion: { } version } => $"; last seen from {address}, version {version}",
        { LastAddress: { } address } => $"; last seen from {address}",
        _ => "",
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Ago(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "just now",
        { TotalMinutes: < 2 } => $"{(int)span.TotalSeconds} s ago",
        { TotalHours: < 2 } => $"{(int)span.TotalMinutes} min ago",
        { TotalDays: < 2 } => $"{(int)span.TotalHours} h ago",
        _ => $"{(int)span.TotalDays} days ago",
    };
}
