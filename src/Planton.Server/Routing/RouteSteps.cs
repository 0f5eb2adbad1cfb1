using Planton.Api.Routing;
using Planton.Server.Connections;

namespace Planton.Server.Routing;

/// <summary>Where <see cref="RouteResolver"/> looked for a runner, in words: it stops at the first level that has one.</summary>
internal static class RouteSteps
{
    public static IReadOnlyList<RouteStep> Of(ConnectionEntity connection, Route? route, bool granted = true)
    {
        if (connection.MissingRunner is { } missing)
            return [new RouteStep(RouteLevelName.Connection, null, $"the connection names runner \"{missing}\", which was deleted; no default takes its place")];
        var last = route?.Level ?? RouteLevel.Platform;
        List<RouteStep> steps = [.. Enum.GetValues<RouteLevel>().Where(level => level <= last).Select(level => Step(level, level == route?.Level ? route.Runner.Name : null))];
        return granted ? steps : [.. steps.SkipLast(1), steps[^1] with { Detail = $"{steps[^1].Detail}, and not granted for this connection" }];
    }

    public static string NameOf(RouteLevel level) => level switch
    {
        RouteLevel.Connection => RouteLevelName.Connection,
        RouteLevel.Organization => RouteLevelName.Organization,
        _ => RouteLevelName.Platform,
    };

    private static RouteStep Step(RouteLevel level, string? runner) => new(NameOf(level), runner, (level, runner) switch
    {
        (RouteLevel.Connection, null) => "the connection names no runner",
        (RouteLevel.Connection, _) => $"the connection names runner \"{runner}\"",
        (RouteLevel.Organization, null) => "the organization has no default runner",
        (RouteLevel.Organization, _) => $"runner \"{runner}\" is the organization's default",
        (_, null) => "the platform has no default runner",
        _ => $"runner \"{runner}\" is the platform's default",
    });
}
