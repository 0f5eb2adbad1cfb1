using Microsoft.EntityFrameworkCore;
using Planton.Api.Credentials;
using Planton.Api.Runners;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Gateway;
using Planton.Server.Organizations;
using Planton.Server.Runners;
using Planton.Server.Storage;

namespace Planton.Server.Credentials;

/// <summary>Generates runner credentials, and lists them.</summary>
internal sealed class RunnerCredentialsService(
    IDbContextFactory<ControlPlaneContext> contexts,
    RunnerGate gate,
    RunnerService runners,
    RunnerCredentialsIssuer issuer,
    LiveTunnels tunnels,
    IAuditLog audit)
{
    public async Task<Result<WithCredentials<GenerateCredentialsResponse>>> GenerateAsync(
        OperationContext operation, string? organization, string name, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        var faults = new FieldFaults();
        faults.NeedSlug("name", name);
        if (faults.ToError() is { } invalid)
            return invalid;
        var entered = await gate.EnterAsync(
            operation, organization, Permission.GenerateRunnerCredentials, Permission.ManagePlatformRunner, AuditAction.GenerateCredentials, name,
            cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;

        // Everything in one transaction: no credentials without their record, no runner without its credentials.
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        if (!await OrganizationQueries.StillExistsAsync(context, entered.Value.OrganizationId, cancellationToken).ConfigureAwait(false))
            return OrganizationErrors.NotFound(organization, operation.Caller);
        var runner = await RunnerQueries.LockAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false);
        var registered = runner is null;
        if (runner is null)
        {
            var added = await runners.AddAsync(context, operation, entered.Value, name, cancellationToken).ConfigureAwait(false);
            if (!added.Succeeded)
                return added.Error;
            runner = added.Value;
        }

        var issued = await issuer.IssueAsync(context, operation.Caller, entered.Value, runner, lifetime, cancellationToken).ConfigureAwait(false);
        audit.Append(context, operation.Allowed(
            AuditAction.GenerateCredentials, entered.Value.Resource(runner.Name), entered.Value.OrganizationId, issued.Record));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return new WithCredentials<GenerateCredentialsResponse>(new(registered, issued.Document), issued);
    }

    /// <summary>Newest first, the revoked ones too.</summary>
    public async Task<Result<IReadOnlyList<RunnerCredential>>> ListAsync(
        OperationContext operation, string? organization, string name, CancellationToken cancellationToken)
    {
        var entered = await gate.EnterAsync(
            operation, organization, Permission.ReadRunnerCredentials, Permission.ManagePlatformRunner, "runner.list-credentials", name,
            cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var runner = await RunnerQueries.FindAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false);
        if (runner is null)
            return await RunnerErrors.NotFoundAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false);
        return await CredentialQueries
            .ListAsync(context, runner.Id, tunnels.CountByCredential(runner.Id), cancellationToken).ConfigureAwait(false);
    }
}
