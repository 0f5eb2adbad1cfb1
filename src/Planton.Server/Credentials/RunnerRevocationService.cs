using Microsoft.EntityFrameworkCore;
using Planton.Api.Credentials;
using Planton.Api.Errors;
using Planton.Server.ApiKeys;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Gateway;
using Planton.Server.Runners;
using Planton.Server.Storage;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Credentials;

/// <summary>
/// Ends credentials. First it is stored, with its record, in one transaction: from then on nothing new begins with them. Then
/// what lives by them is cut. Were the control plane killed in between, every tunnel would be gone with it. The commit is not
/// cancelled with the request: whether it happened must be known, or nothing would be cut.
/// </summary>
internal sealed class RunnerRevocationService(
    IDbContextFactory<ControlPlaneContext> contexts,
    RunnerGate gate,
    RunnerCredentialsIssuer issuer,
    ApiKeyOwnerCache keys,
    LiveTunnels tunnels,
    IAuditLog audit,
    TimeProvider time)
{
    /// <summary>Revokes one credential. One that is revoked already is no error: nothing more ends.</summary>
    public async Task<Result<RevocationSummary>> RevokeAsync(
        OperationContext operation, string? organization, string name, string id, CancellationToken cancellationToken)
    {
        var entered = await gate.EnterAsync(
            operation, organization, Permission.RevokeRunnerCredentials, Permission.ManagePlatformRunner, AuditAction.RevokeCredential, name,
            cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var now = time.GetStorableNow();
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var runner = await RunnerQueries.LockAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false);
        if (runner is null)
            return await RunnerErrors.NotFoundAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false);
        if (!await context.RunnerCredentials.AnyAsync(c => c.RunnerId == runner.Id && c.Id == id, cancellationToken).ConfigureAwait(false))
            return NoSuchCredential(entered.Value, name);
        var revoked = await CredentialRevoker.RevokeAsync(context, runner.Id, id, operation.Caller, now, cancellationToken).ConfigureAwait(false);
        audit.Append(context, operation.Allowed(
            AuditAction.RevokeCredential, entered.Value.Resource(name), entered.Value.OrganizationId, $"credential {id}"));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(CancellationToken.None, () => CutAsync(runner.Id, revoked, RunnerRefusals.PerhapsRevoked)).ConfigureAwait(false);
        return await CutAsync(runner.Id, revoked, RunnerRefusals.Revoked(now)).ConfigureAwait(false);
    }

    /// <summary>Makes new credentials for a registered runner and revokes every earlier one.</summary>
    public async Task<Result<WithCredentials<RegenerateCredentialsResponse>>> RegenerateAsync(
        OperationContext operation, string? organization, string name, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        var entered = await gate.EnterAsync(
            operation, organization, Permission.RevokeRunnerCredentials, Permission.ManagePlatformRunner, AuditAction.RegenerateCredentials, name,
            cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var now = time.GetStorableNow();
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var runner = await RunnerQueries.LockAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false);
        if (runner is null)
            return await RunnerErrors.NotFoundAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false);
        var revoked = await CredentialRevoker.RevokeAsync(context, runner.Id, null, operation.Caller, now, cancellationToken).ConfigureAwait(false);
        var issued = await issuer.IssueAsync(context, operation.Caller, entered.Value, runner, lifetime, cancellationToken).ConfigureAwait(false);
        audit.Append(context, operation.Allowed(
            AuditAction.RegenerateCredentials, entered.Value.Resource(name), entered.Value.OrganizationId,
            $"{issued.Record}; {revoked.Ids.Count} earlier credential(s) revoked"));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(CancellationToken.None, () => CutAsync(runner.Id, revoked, RunnerRefusals.PerhapsRevoked)).ConfigureAwait(false);
        var cut = await CutAsync(runner.Id, revoked, RunnerRefusals.Revoked(now)).ConfigureAwait(false);
        return new WithCredentials<RegenerateCredentialsResponse>(new(issued.Document, cut), issued);
    }

    private async Task<RevocationSummary> CutAsync(string runnerId, RevokedCredentials revoked, LinkRefusal reason)
    {
        keys.Clear();
        return revoked.With(await tunnels.CutAsync(runnerId, revoked.Ids, reason).ConfigureAwait(false));
    }

    private static Error NoSuchCredential(RunnerScope scope, string name) => new(
        ErrorCode.NotFound,
        $"runner \"{name}\" of {scope.Description} has no credential of that id",
        $"See them with: planton runner credentials list {name} {scope.Flag}");
}
