using Microsoft.EntityFrameworkCore;

namespace Planton.Server.Storage;

internal static class ControlPlaneTransactions
{
    /// <summary>Waits for its turn: there is one writer at a time.</summary>
    public static async Task<ControlPlaneTransaction> BeginAsync(this IDbContextFactory<ControlPlaneContext> contexts, CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return new ControlPlaneTransaction(context, await context.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await context.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
