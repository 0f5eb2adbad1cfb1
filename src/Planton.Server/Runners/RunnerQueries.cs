using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;

namespace Planton.Server.Runners;

internal static class RunnerQueries
{
    /// <summary>The runner of that name in that scope alone; tracked.</summary>
    public static Task<RunnerEntity?> FindAsync(ControlPlaneContext context, RunnerScope scope, string name, CancellationToken cancellationToken) =>
        context.Runners.SingleOrDefaultAsync(
            runner => runner.OrganizationId == scope.OrganizationId && runner.Name == name, cancellationToken);
}
