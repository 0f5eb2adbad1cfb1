using System.Net;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Connections;
using Planton.Server.Errors;
using Planton.Server.Gateway;
using Planton.Server.Hosting;
using Planton.Server.Quotas;
using Planton.Server.Routing;

namespace Planton.Server.Kubernetes;

/// <summary>
/// A request to the Kubernetes API behind a connection: who asks, may they, which runner, written down, sent. In this order;
/// each refusal is written down as well.
/// </summary>
internal sealed partial class KubernetesProxy(
    OperationPlanner planner, LiveConnections connections, OperationQuotas quotas, IAuditLog audit, KubernetesForwarder forwarder,
    LiveOperations live, GatewayMetrics metrics, TimeProvider time, ILogger<KubernetesProxy> logger)
{
    private const int MaxAuditedPath = 512;

    public async Task InvokeAsync(HttpContext context, string org, string connection)
    {
        var caller = context.GetCaller();
        var address = ConnectionAddress.Parse(connection);
        var entry = new AuditEntry
        {
            OperationId = context.GetOperationId(),
            Actor = caller.ToAuditActor(),
            Action = KubernetesAction.Proxy,
            Resource = Describe(context, address),
            Outcome = AuditOutcome.Denied,
            SourceAddress = context.Connection.RemoteIpAddress?.ToString(),
        };
        var membership = caller.Memberships.FirstOrDefault(m => m.OrganizationName == org);
        if (membership is null)
        {
            await RefuseAsync(context, entry, OrganizationErrors.NotFound(org, caller)).ConfigureAwait(false);
            return;
        }

        entry = entry with { OrganizationId = membership.OrganizationId };
        var cuts = connections.Cuts;
        var prepared = await PrepareAsync(context, caller, membership, address).ConfigureAwait(false);
        if (!prepared.Succeeded)
        {
            await RefuseAsync(context, entry, prepared.Error).ConfigureAwait(false);
            return;
        }

        var operation = prepared.Value;
        using var entered = connections.Enter(operation.Connection.Id, context);
        if (connections.Cuts != cuts && !await planner.StillHoldsAsync(operation, context.RequestAborted).ConfigureAwait(false))
        {
            await RefuseAsync(context, entry, ConnectionErrors.JustDeleted(operation.Connection)).ConfigureAwait(false);
            return;
        }

        if (address.Name is null)
        {
            // Which one was meant is what the record's reader wants to know, and may be another by then.
            entry = entry with { Resource = Describe(context, address with { Name = operation.Connection.Name }) };
        }

        var place = quotas.Enter(caller, operation);
        if (!place.Succeeded)
        {
            await RefuseAsync(context, entry, place.Error).ConfigureAwait(false);
            return;
        }

        using (place.Value)
            await SendAsync(context, entry, operation).ConfigureAwait(false);
    }

    private async Task<Result<Operation>> PrepareAsync(HttpContext context, CallerIdentity caller, CallerMembership membership, ConnectionAddress address) =>
        Authorizer.Check(caller, membership.OrganizationId, Permission.UseConnection) is { } denied
            ? denied
            : await planner.PlanAsync(membership, address, context.GetOperationId(), context.RequestAborted).ConfigureAwait(false);

    private async Task SendAsync(HttpContext context, AuditEntry entry, Operation operation)
    {
        await audit.RecordAsync(entry with { Outcome = AuditOutcome.Allowed }, context.RequestAborted).ConfigureAwait(false);
        var began = time.GetTimestamp();
        metrics.OperationStarted();
        var outcome = "failed";
        try
        {
            var error = await ForwardAsync(context, operation).ConfigureAwait(false);
            outcome = error?.Code ?? "ok";
            if (error is not null)
                await FailAsync(context, entry, error).ConfigureAwait(false);
        }
        finally
        {
            metrics.OperationEnded("kubernetes", outcome, time.GetElapsedTime(began));
        }
    }

    // What lasts ends when its caller may not do it any more: that is an error then, even when the answer had begun.
    private async Task<Error?> ForwardAsync(HttpContext context, Operation operation)
    {
        using var running = live.Begin(context, operation.Connection.OrganizationId, Permission.UseConnection);
        var error = await forwarder.ForwardAsync(context, operation).ConfigureAwait(false);
        return running.Cut ?? error;
    }

    private async Task RefuseAsync(HttpContext context, AuditEntry entry, Error error)
    {
        var outcome = ErrorStatus.ToHttpStatus(error.Code) < (int)HttpStatusCode.InternalServerError ? AuditOutcome.Denied : AuditOutcome.Failed;
        await audit.RecordAsync(entry with { Outcome = outcome, Code = error.Code, Detail = error.Detail }, context.RequestAborted).ConfigureAwait(false);
        await context.WriteErrorAsync(error).ConfigureAwait(false);
    }

    private async Task FailAsync(HttpContext context, AuditEntry entry, Error error)
    {
        LogFailed(entry.OperationId, entry.Resource, error.Code, error.Detail);

        // The client may be gone; that the operation failed is written all the same.
        await audit.RecordAsync(entry with { Outcome = AuditOutcome.Failed, Code = error.Code, Detail = error.Detail }, CancellationToken.None).ConfigureAwait(false);
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return;
        }

        // The target's headers may be there already, and do not fit this answer.
        context.Response.Headers.Clear();
        context.Response.Headers[OperationHeaders.OperationId] = entry.OperationId;
        await context.WriteErrorAsync(error).ConfigureAwait(false);
    }

    // Without the query: an exec's command is in it, and may hold a password.
    private static string Describe(HttpContext context, ConnectionAddress address)
    {
        var target = KubernetesPath.TargetOf(context) ?? "";
        var path = target.Split('?', 2)[0];
        return $"{address.Resource} {context.Request.Method} {(path.Length > MaxAuditedPath ? path[..MaxAuditedPath] : path)}";
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Operation {OperationId} ({Resource}) failed: {Code}: {Detail}")]
    private partial void LogFailed(string operationId, string resource, string code, string detail);
}
