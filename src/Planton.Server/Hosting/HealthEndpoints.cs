namespace Planton.Server.Hosting;

/// <summary>For orchestrators and load balancers; no key is needed, and nothing but the state is told.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        // Short circuits: a key that is sent all the same is not looked up, which needs the database.
        endpoints.MapGet("/healthz/live", () => Results.Text("ok\n")).AllowAnonymous().ShortCircuit().ExcludeFromDescription();
        endpoints.MapGet("/healthz/ready", ReadyAsync).AllowAnonymous().ShortCircuit().ExcludeFromDescription();
    }

    private static async Task<IResult> ReadyAsync(ServerState state, Readiness readiness, CancellationToken cancellationToken)
    {
        var reason = state.Current switch
        {
            ServerState.Phase.Starting => "starting",
            ServerState.Phase.Stopping => "stopping",
            _ => (await readiness.AskAsync(cancellationToken).ConfigureAwait(false))?.Reason,
        };
        return reason is null
            ? Results.Text("ok\n")
            : Results.Text(reason + "\n", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
