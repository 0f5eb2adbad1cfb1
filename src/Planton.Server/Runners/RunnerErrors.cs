using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Runners;

internal static class RunnerErrors
{
    // Enough to find a near miss in; an organization with more runners is not read whole for one.
    private const int MaxCompared = 1000;

    public static async Task<Error> NotFoundAsync(
        ControlPlaneContext context, RunnerScope scope, string name, CancellationToken cancellationToken)
    {
        var known = await context.Runners
            .Where(runner => runner.OrganizationId == scope.OrganizationId)
            .OrderBy(runner => runner.Name)
            .Select(runner => runner.Name)
            .Take(MaxCompared)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return new Error(
            ErrorCode.RunnerNotFound,
            $"{scope.Description} has no runner \"{name}\"",
            NearMisses.Hint(name, known, $"planton runner list {scope.Flag}"));
    }

    public static Error AlreadyExists(RunnerScope scope, string name) => new(
        ErrorCode.AlreadyExists,
        $"{scope.Description} has a runner \"{name}\" already",
        $"See it with: planton runner get {name} {scope.Flag}");
}
