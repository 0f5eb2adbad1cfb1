using Microsoft.EntityFrameworkCore;
using Planton.Api.DefaultRunners;
using Planton.Api.Routing;
using Planton.Server.Storage;

namespace Planton.Server.DefaultRunners;

internal static class DefaultRunnerQueries
{
    /// <summary>What is set for an organization and for the platform, and which of the two is used; of the platform alone for null.</summary>
    public static async Task<DefaultRunner> ReadAsync(ControlPlaneContext context, string? organizationId, CancellationToken cancellationToken)
    {
        var names = await (
            from binding in context.DefaultRunnerBindings
            where binding.OrganizationId == null || binding.OrganizationId == organizationId
            join runner in context.Runners on binding.RunnerId equals runner.Id
            where runner.OrganizationId == binding.OrganizationId
            select new { binding.Id, runner.Name })
            .ToDictionaryAsync(row => row.Id, row => row.Name, cancellationToken).ConfigureAwait(false);
        var organization = organizationId is null ? null : names.GetValueOrDefault(DefaultRunnerBindingEntity.IdOf(organizationId));
        var platform = names.GetValueOrDefault(DefaultRunnerBindingEntity.IdOf(null));
        var effective = organization is not null ? new EffectiveDefaultRunner(organization, RouteLevelName.Organization)
            : platform is not null ? new EffectiveDefaultRunner(platform, RouteLevelName.Platform)
            : null;
        return new DefaultRunner(effective, organization, platform);
    }
}
