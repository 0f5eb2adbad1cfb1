using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;

namespace Planton.Server.Hosting;

/// <summary>For orchestrators and load balancers; no key is needed, and nothing but the state is told.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan DatabaseTimeout = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz/live", () => Results.Text("ok\n")).AllowAnonymous().ExcludeFromDescription();
        endpoints.MapGet("/healthz/ready", ReadyAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> ReadyAsync(
        ServerState state, IDbContextFactory<ControlPlaneContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        var reason = state.Current switch
        {
            ServerState.Phase.Starting => "starting",
            ServerState.Phase.Stopping => "stopping",
            _ => await DatabaseAnswersAsync(contexts, time, cancellationToken).ConfigureAwait(false) ? null : "the database does not answer",
        };
        return reason is null
            ? Results.Text("ok\n")
            : Results.Text(reason + "\n", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<bool> DatabaseAnswersAsync(
        IDbContextFactory<ControlPlaneContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(DatabaseTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var context = await contexts.CreateDbContextAsync(either.Token).ConfigureAwait(false);
            await using var _ = context.ConfigureAwait(false);
            // A real read of a real table: that a connection can be opened says little about SQLite.
            await context.Users.AnyAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or OperationCanceledException)
        {
            return false;
        }
    }
}
