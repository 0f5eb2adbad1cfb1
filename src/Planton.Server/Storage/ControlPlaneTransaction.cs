using Microsoft.EntityFrameworkCore.Storage;

namespace Planton.Server.Storage;

/// <summary>A context of its own with a transaction under way: nothing is kept unless it is committed.</summary>
internal sealed class ControlPlaneTransaction(ControlPlaneContext context, IDbContextTransaction transaction) : IAsyncDisposable
{
    public ControlPlaneContext Context => context;

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        context.NoteCommit();
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync().ConfigureAwait(false);
        await context.DisposeAsync().ConfigureAwait(false);
    }
}
