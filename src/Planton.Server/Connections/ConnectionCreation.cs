using Microsoft.EntityFrameworkCore;
using Planton.Api.Connections;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Connections.Inline;
using Planton.Server.Errors;
using Planton.Server.Organizations;
using Planton.Server.Quotas;
using Planton.Server.Runners;
using Planton.Server.Storage;

namespace Planton.Server.Connections;

/// <summary>Makes connections, with what they bring themselves and the environments that may use them.</summary>
internal sealed class ConnectionCreation(
    IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, IAuditLog audit, ConnectionMaterials materials,
    StoredBytes stored, QuotaOptions quotas, TimeProvider time)
{
    public async Task<Result<Connection>> CreateAsync(
        OperationContext operation, string organization, CreateConnectionRequest request, CancellationToken cancellationToken)
    {
        var validated = ConnectionRequestValidator.Validate(request);
        if (validated.Invalid is { } invalid)
            return invalid;
        var name = request.Name!;
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.CreateConnection, AuditAction.CreateConnection, ConnectionService.Resource(name), cancellationToken)
            .ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var membership = entered.Value;
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        if (!await OrganizationQueries.StillExistsAsync(context, membership.OrganizationId, cancellationToken).ConfigureAwait(false))
            return OrganizationErrors.NotFound(organization, operation.Caller);
        if (await ConnectionQueries.FindAsync(context, membership.OrganizationId, name, cancellationToken).ConfigureAwait(false) is not null)
            return ConnectionErrors.AlreadyExists(membership, name);
        if (await context.Connections.CountAsync(other => other.OrganizationId == membership.OrganizationId, cancellationToken).ConfigureAwait(false)
            >= quotas.OrganizationConnections)
            return QuotaErrors.Full($"organization \"{organization}\" has as many connections as it may", Quota.OrganizationConnections, quotas);
        RunnerEntity? runner = null;
        if (request.Runner is { } runnerName)
        {
            var scope = new RunnerScope(membership.OrganizationId, membership.OrganizationName);
            runner = await RunnerQueries.FindAsync(context, scope, runnerName, cancellationToken).ConfigureAwait(false);
            if (runner is null)
                return await RunnerErrors.NotFoundAsync(context, scope, runnerName, cancellationToken).ConfigureAwait(false);
        }

        var environments = await ConnectionEnvironmentQueries
            .FindAllAsync(context, membership, request.Environments ?? [], cancellationToken).ConfigureAwait(false);
        if (!environments.Succeeded)
            return environments.Error;
        var made = Make(membership, request, runner, validated.Kubeconfig is not null);
        context.Connections.Add(made);
        context.ConnectionEnvironments.AddRange(environments.Value.Select(
            environment => new ConnectionEnvironmentEntity { ConnectionId = made.Id, EnvironmentId = environment.Id }));
        if (validated.Kubeconfig is { } kubeconfig)
        {
            var bytes = await materials.AddAsync(context, made, kubeconfig, cancellationToken).ConfigureAwait(false);
            if (await stored.TakeAsync(context, membership.OrganizationId, organization, bytes, cancellationToken).ConfigureAwait(false) is { } full)
                return full;
        }

        var route = runner is null ? "default runner" : $"runner {runner.Name}";
        audit.Append(context, operation.Allowed(
            AuditAction.CreateConnection, ConnectionService.Resource(name), membership.OrganizationId, $"{route}, {made.AuthMode} credentials"));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        var view = await ConnectionViews.OneAsync(context, membership, new ConnectionRow { Connection = made, Runner = runner?.Name }, cancellationToken)
            .ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return view;
    }

    private ConnectionEntity Make(CallerMembership organization, CreateConnectionRequest request, RunnerEntity? runner, bool isInline) => new()
    {
        Id = ControlPlaneContext.NewId(),
        OrganizationId = organization.OrganizationId,
        Name = request.Name!,
        Kind = ConnectionKind.Kubernetes,
        AuthMode = isInline ? ConnectionAuthMode.Inline : ConnectionAuthMode.Runner,
        RunnerId = runner?.Id,
        // The context of an inline kubeconfig has been used up: what is stored has only one.
        KubernetesContext = isInline ? null : request.Kubernetes?.Context,
        CreatedAt = time.GetStorableNow(),
    };
}
