using System.Net;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Connections;
using Planton.Server.Errors;
using Planton.Server.Gateway;
using Planton.Server.Hosting;
using Planton.Server.Routing;
using Planton.Server.Storage;

namespace Planton.Server.Kubernetes;

/// <summary>
/// A request to the Kubernetes API behind a connection: who asks, may they, which runner, written down, sent. In this order;
/// each refusal is written down as well.
/// </summary>
internal sealed partial class KubernetesProxy(
    IDbContextFactory<ControlPlaneContext> contexts, RouteResolver routes, IAuditLog audit, KubernetesForwarder forwarder,
    LiveOperations live, GatewayMetrics metrics, TimeProvider time, ILogger<KubernetesProxy> logger)
{
    private const int MaxAuditedPath = 512;

    public async Task InvokeAsync(HttpContext context, string org, string connection)
    {
        var caller = context.GetCaller();
        var entry = new AuditEntry
        {
            OperationId = context.GetOperationId(),
            Actor = caller.ToAuditActor(),
            Action = KubernetesAction.Proxy,
            Resource = Describe(context, connection),
            Outcome = AuditOutcome.Denied,
            SourceAddress = context.Connection.RemoteIpAddress?.ToString(),
        };
        var organizationId = caller.Memberships.FirstOrDefault(m => m.OrganizationName == org)?.OrganizationId;
        if (organizationId is null)
        {
            await RefuseAsync(context, entry, OrganizationErrors.NotFound(org, caller)).ConfigureAwait(false);
            return;
        }

        entry = entry with { OrganizationId = organizationId };
        var prepared = await PrepareAsync(context, caller, organizationId, org, connection).ConfigureAwait(false);
        if (!prepared.Succeeded)
            await RefuseAsync(context, entry, prepared.Error).ConfigureAwait(false);
        else
            await SendAsync(context, entry, prepared.Value).ConfigureAwait(false);
    }

    private async Task<Result<Operation>> PrepareAsync(HttpContext context, CallerIdentity caller, string organizationId, string org, string name)
    {
        if (Authorizer.Check(caller, organizationId, Permission.UseConnection) is { } denied)
            return denied;
        var found = await FindAsync(organizationId, org, name, context.RequestAborted).ConfigureAwait(false);
        if (!found.Succeeded)
            return found.Error;
        var route = await routes.ResolveAsync(found.Value, context.RequestAborted).ConfigureAwait(false);
        return route.Succeeded ? new Operation(context.GetOperationId(), found.Value, route.Value) : route.Error;
    }

    private async Task<Result<ConnectionEntity>> FindAsync(string organizationId, string org, string name, CancellationToken cancellationToken)
    {
        var database = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var found = await database.Connections.AsNoTracking()
                .FirstOrDefaultAsync(c => c.OrganizationId == organizationId && c.Name == name, cancellationToken).ConfigureAwait(false);
            if (found is not null)
                return found;
            var names = await database.Connections.AsNoTracking().Where(c => c.OrganizationId == organizationId)
                .Select(c => c.Name).OrderBy(n => n).Take(1_000).ToListAsync(cancellationToken).ConfigureAwait(false);
            return new Error(
                ErrorCode.ConnectionNotFound,
                $"connection \"{name}\" does not exist in organization \"{org}\"",
                NearMisses.Hint(name, names, "planton connection list"));
        }
    }

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
    private static string Describe(HttpContext context, string connection)
    {
        var target = KubernetesPath.TargetOf(context) ?? "";
        var path = target.Split('?', 2)[0];
        return $"connection/{connection} {context.Request.Method} {(path.Length > MaxAuditedPath ? path[..MaxAuditedPath] : path)}";
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Operation {OperationId} ({Resource}) failed: {Code}: {Detail}")]
    private partial void LogFailed(string operationId, string resource, string code, string detail);
}
