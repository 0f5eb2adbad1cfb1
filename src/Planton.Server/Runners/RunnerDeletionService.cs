using Microsoft.EntityFrameworkCore;
using Planton.Api.Credentials;
using Planton.Server.ApiKeys;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Credentials;
using Planton.Server.Errors;
using Planton.Server.Gateway;
using Planton.Server.Storage;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Runners;

/// <summary>Removes a runner with all that is its own: service account, keys, credentials, its place as a default, and its tunnels.</summary>
internal sealed class RunnerDeletionService(
    IDbContextFactory<ControlPlaneContext> contexts,
    RunnerGate gate,
    ApiKeyOwnerCache keys,
    LiveTunnels tunnels,
    IAuditLog audit,
    TimeProvider time)
{
    public async Task<Result<RevocationSummary>> DeleteAsync(
        OperationContext operation, string? organization, string name, CancellationToken cancellationToken)
    {
        var entered = await gate.EnterAsync(
            operation, organization, Permission.DeleteRunner, Permission.ManagePlatformRunner, AuditAction.DeleteRunner, name, cancellationToken)
            .ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var scope = entered.Value;
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var runner = await RunnerQueries.LockAsync(context, scope, name, cancellationToken).ConfigureAwait(false);
        if (runner is null)
            return await RunnerErrors.NotFoundAsync(context, scope, name, cancellationToken).ConfigureAwait(false);
        var revoked = await CredentialRevoker
            .RevokeAsync(context, runner.Id, null, operation.Caller, time.GetStorableNow(), cancellationToken).ConfigureAwait(false);
        var orphans = await context.Connections.Where(connection => connection.RunnerId == runner.Id)
            .ExecuteUpdateAsync(
                set => set.SetProperty(connection => connection.MissingRunner, name).SetProperty(connection => connection.RunnerId, (string?)null),
                cancellationToken).ConfigureAwait(false);
        audit.Append(context, operation.Allowed(
            AuditAction.DeleteRunner, scope.Resource(name), scope.OrganizationId,
            $"runner {runner.Id}, {revoked.Ids.Count} credential(s); {orphans} connection(s) lose their runner"));
        // The rest hangs on these two by foreign keys: the account's keys and membership, credentials, default bindings.
        context.ServiceAccounts.RemoveRange(
            await context.ServiceAccounts.Where(account => account.RunnerId == runner.Id).ToListAsync(cancellationToken).ConfigureAwait(false));
        context.Runners.Remove(runner);
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        // Not cancelled with the request: whether it happened must be known, or nothing would be cut.
        await transaction.CommitAsync(CancellationToken.None, () => CutAsync(runner.Id, revoked, RunnerRefusals.PerhapsRevoked)).ConfigureAwait(false);
        return await CutAsync(runner.Id, revoked, RunnerRefusals.NotRegistered).ConfigureAwait(false);
    }

    private async Task<RevocationSummary> CutAsync(string runnerId, RevokedCredentials revoked, LinkRefusal reason)
    {
        keys.Clear();
        return revoked.With(await tunnels.CutAsync(runnerId, null, reason).ConfigureAwait(false));
    }
}
