using Microsoft.EntityFrameworkCore;
using Planton.Api;
using Planton.Api.Errors;
using Planton.Server.Environments;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Secrets;

internal static class SecretQueries
{
    private const int MaxCompared = 1000;

    public static Task<SecretEntity?> FindAsync(ControlPlaneContext context, OrganizationScope scope, string name, CancellationToken cancellationToken) =>
        Slug.IsValid(name)
            ? context.Secrets.SingleOrDefaultAsync(secret => secret.ScopeId == scope.Id && secret.Name == name, cancellationToken)
            : Task.FromResult<SecretEntity?>(null);

    public static async Task<Error> NotFoundAsync(
        ControlPlaneContext context, OrganizationScope scope, string name, CancellationToken cancellationToken)
    {
        var known = await context.Secrets.Where(secret => secret.ScopeId == scope.Id)
            .OrderBy(secret => secret.Name).Select(secret => secret.Name).Take(MaxCompared)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return new Error(
            ErrorCode.NotFound, $"{scope} has no secret \"{name}\"",
            NearMisses.Hint(name, known, $"planton secret list --org {scope.Organization.OrganizationName}"));
    }
}
