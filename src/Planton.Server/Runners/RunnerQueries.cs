using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;

namespace Planton.Server.Runners;

internal static class RunnerQueries
{
    /// <summary>The runner of that name in that scope alone; tracked.</summary>
    public static Task<RunnerEntity?> FindAsync(ControlPlaneContext context, RunnerScope scope, string name, CancellationToken cancellationToken) =>
        context.Runners.SingleOrDefaultAsync(
            runner => runner.OrganizationId == scope.OrganizationId && runner.Name == name, cancellationToken);

    /// <summary>
    /// The same, after waiting for whoever else changes that runner's credentials, so that one such change sees all of the one
    /// before. On a database with one writer the transaction is that already; on others the row is.
    /// </summary>
    public static async Task<RunnerEntity?> LockAsync(
        ControlPlaneContext context, RunnerScope scope, string name, CancellationToken cancellationToken)
    {
        await context.Runners
            .Where(runner => runner.OrganizationId == scope.OrganizationId && runner.Name == name)
            .ExecuteUpdateAsync(set => set.SetProperty(runner => runner.LastSeenAt, runner => runner.LastSeenAt), cancellationToken)
            .ConfigureAwait(false);
        return await FindAsync(context, scope, name, cancellationToken).ConfigureAwait(false);
    }
}
