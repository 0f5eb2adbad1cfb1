using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Planton.Server.Storage;

internal static class ControlPlaneTransactions
{
    /// <summary>Waits for its turn: there is one writer at a time.</summary>
    /// <exception cref="DatabaseFaultException">The database cannot be written.</exception>
    public static async Task<ControlPlaneTransaction> BeginAsync(this IDbContextFactory<ControlPlaneContext> contexts, CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        IDisposable? turn = null;
        try
        {
            turn = await context.TakeTurnAsync(cancellationToken).ConfigureAwait(false);
            return new ControlPlaneTransaction(context, await context.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false), turn);
        }
        catch (Exception exception)
        {
            using (turn)
                await context.DisposeAsync().ConfigureAwait(false);
            if (exception is not DatabaseFaultException && DatabaseFaults.Of(exception) is { } fault)
                throw new DatabaseFaultException(fault, exception);
            throw;
        }
    }

    /// <summary>
    /// Ends a transaction, committed or not. Over a broken connection there is nothing to roll back, and what that throws would hide
    /// what broke it.
    /// </summary>
    public static async ValueTask EndAsync(this IDbContextTransaction transaction)
    {
        try
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException)
        {
            // The database ends it with the connection.
        }
    }

    /// <summary>Commits, and says whether it may have happened when that fails.</summary>
    public static async Task CommitOrExplainAsync(this IDbContextTransaction transaction, CancellationToken cancellationToken)
    {
        try
        {
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (DatabaseFaults.Of(exception) is { } fault)
        {
            throw new DatabaseFaultException(fault, exception) { MayBeDone = fault is DatabaseFault.Unreachable or DatabaseFault.Unanswered };
        }
    }
}
