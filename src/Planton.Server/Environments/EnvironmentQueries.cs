using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Environments;

internal static class EnvironmentQueries
{
    private const int MaxCompared = 1000;

    public static Task<EnvironmentEntity?> FindAsync(
        ControlPlaneContext context, string organizationId, string name, CancellationToken cancellationToken) =>
        Api.Slug.IsValid(name)
            ? context.Environments.SingleOrDefaultAsync(
                environment => environment.OrganizationId == organizationId && environment.Name == name, cancellationToken)
            : Task.FromResult<EnvironmentEntity?>(null);

    /// <summary>The organization itself for a null name.</summary>
    public static async Task<Result<OrganizationScope>> ScopeAsync(
        ControlPlaneContext context, CallerMembership organization, string? name, CancellationToken cancellationToken)
    {
        if (name is null)
            return new OrganizationScope(organization, null);
        var found = await FindAsync(context, organization.OrganizationId, name, cancellationToken).ConfigureAwait(false);
        return found is null
            ? await NotFoundAsync(context, organization, name, cancellationToken).ConfigureAwait(false)
            : new OrganizationScope(organization, found);
    }

    public static async Task<Error> NotFoundAsync(
        ControlPlaneContext context, CallerMembership organization, string name, CancellationToken cancellationToken)
    {
        var known = await context.Environments.Where(environment => environment.OrganizationId == organization.OrganizationId)
            .OrderBy(environment => environment.Name).Select(environment => environment.Name).Take(MaxCompared)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return new Error(
            ErrorCode.NotFound,
            $"organization \"{organization.OrganizationName}\" has no environment \"{name}\"",
            NearMisses.Hint(name, known, $"planton environment list --org {organization.OrganizationName}"));
    }
}
