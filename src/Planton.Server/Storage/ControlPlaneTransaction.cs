using Microsoft.EntityFrameworkCore.Storage;

namespace Planton.Server.Storage;

/// <summary>A context of its own with a transaction under way: nothing is kept unless it is committed.</summary>
internal sealed class ControlPlaneTransaction(ControlPlaneContext context, IDbContextTransaction transaction, IDisposable? turn) : IAsyncDisposable
{
    public ControlPlaneContext Context => context;

    /// <summary>Commits.</summary>
    /// <param name="cancellationToken">Of the request, unless it must be known whether it happened.</param>
    /// <param name="whenUnknown">
    /// Runs when the connection broke in the middle, so that it may have happened: for what must follow a commit, and does no harm
    /// without one.
    /// </param>
    /// <exception cref="DatabaseFaultException">It did not happen; or, if its MayBeDone says so, it may have.</exception>
    public async Task CommitAsync(CancellationToken cancellationToken, Func<Task>? whenUnknown = null)
    {
        try
        {
            await transaction.CommitOrExplainAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DatabaseFaultException fault) when (fault.MayBeDone && whenUnknown is not null)
        {
            await whenUnknown().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using (turn)
        await using (context.ConfigureAwait(false))
            await transaction.EndAsync().ConfigureAwait(false);
    }
}
