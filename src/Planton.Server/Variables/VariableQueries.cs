using Microsoft.EntityFrameworkCore;
using Planton.Api;
using Planton.Api.Errors;
using Planton.Server.Environments;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Variables;

internal static class VariableQueries
{
    private const int MaxCompared = 1000;

    public static Task<VariableEntity?> FindAsync(ControlPlaneContext context, OrganizationScope scope, string name, CancellationToken cancellationToken) =>
        Slug.IsValid(name)
            ? context.Variables.SingleOrDefaultAsync(variable => variable.ScopeId == scope.Id && variable.Name == name, cancellationToken)
            : Task.FromResult<VariableEntity?>(null);

    public static async Task<Error> NotFoundAsync(
        ControlPlaneContext context, OrganizationScope scope, string name, CancellationToken cancellationToken)
    {
        var known = await context.Variables.Where(variable => variable.ScopeId == scope.Id)
            .OrderBy(variable => variable.Name).Select(variable => variable.Name).Take(MaxCompared)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return new Error(
            ErrorCode.NotFound, $"{scope} has no variable \"{name}\"",
            NearMisses.Hint(name, known, $"planton variable list --org {scope.Organization.OrganizationName}"));
    }
}
