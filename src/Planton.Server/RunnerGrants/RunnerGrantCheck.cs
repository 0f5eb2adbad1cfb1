using Microsoft.EntityFrameworkCore;
using Planton.Server.Connections;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.RunnerGrants;

/// <summary>Decides whether a connection may use a runner of the platform, by the grants as they are stored now.</summary>
internal sealed class RunnerGrantCheck(IDbContextFactory<ControlPlaneContext> contexts)
{
    public async Task<Result<GrantedAccess>> CheckAsync(string runnerId, ConnectionEntity connection, CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var organizationId = connection.OrganizationId;
        var grants = await context.RunnerGrants.AsNoTracking()
            .Where(grant => grant.RunnerId == runnerId && grant.OrganizationId == organizationId)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        // The context of an inline connection is that of its own kubeconfig, if any: the runner's are not touched.
        var kubeContext = connection.AuthMode == ConnectionAuthMode.Inline ? null : connection.KubernetesContext;
        if (GrantedAccess.Of(grants, runnerId, organizationId, connection.AuthMode, kubeContext) is { } access)
            return access;
        var runner = await context.Runners.Where(runner => runner.Id == runnerId).Select(runner => runner.Name)
            .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        var organization = await context.Organizations.Where(organization => organization.Id == organizationId).Select(organization => organization.Name)
            .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return RunnerGrantErrors.NotGranted(connection, runner ?? runnerId, organization ?? organizationId, grants.Count > 0);
    }

    /// <summary>Checks again, right before sending: null when <paramref name="access"/>, found when the operation was routed, is still granted at that very runner.</summary>
    public async Task<Error?> ConfirmAsync(string runnerId, ConnectionEntity connection, GrantedAccess? access, CancellationToken cancellationToken)
    {
        var now = await CheckAsync(runnerId, connection, cancellationToken).ConfigureAwait(false);
        if (!now.Succeeded)
            return now.Error;
        return access?.IsWithin(now.Value) == true ? null : RunnerGrantErrors.Changed(connection);
    }
}
