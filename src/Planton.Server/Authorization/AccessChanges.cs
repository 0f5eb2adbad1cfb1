using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Server.ApiKeys;
using Planton.Server.Audit;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Authorization;

/// <summary>
/// Runs what changes who may do what: users, members, service accounts and keys. The caller was let in by an answer that may be
/// half a second old, so that the caller is read once more inside the transaction, in which nobody else changes anything: who has
/// just been removed leaves no key behind, and of two owners who remove each other one stays.
/// </summary>
internal sealed class AccessChanges(
    IDbContextFactory<ControlPlaneContext> contexts, IAuditLog audit, ApiKeyOwnerCache callers, TimeProvider time)
{
    /// <summary>Does it, records it, and lets it bite. A refusal is recorded instead.</summary>
    public async Task<Result<T>> RunAsync<T>(
        OperationContext operation, string? organizationId, Permission permission, string action, string resource,
        Func<AccessChange, Task<Result<T>>> change, CancellationToken cancellationToken)
        where T : notnull
    {
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var now = time.GetStorableNow();
        var caller = await CallerReader.ReadNowAsync(context, operation.Caller.ApiKeyId, now, cancellationToken).ConfigureAwait(false);
        var denied = caller.Succeeded ? Authorizer.Check(caller.Value, organizationId, permission) : caller.Error;
        if (denied is not null)
            return await RefuseAsync(transaction, operation.Denied(action, resource, organizationId, denied), denied, cancellationToken).ConfigureAwait(false);
        var asked = new AccessChange(context, caller.Value!, now);
        var result = await change(asked).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            return result.Error.Code == ErrorCode.PermissionDenied
                ? await RefuseAsync(transaction, operation.Denied(action, resource, organizationId, result.Error), result.Error, cancellationToken)
                    .ConfigureAwait(false)
                : result.Error;
        }

        audit.Append(context, operation.Allowed(action, resource, asked.MadeOrganizationId ?? organizationId, asked.Detail));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        // Not cancelled with the request: whether it happened must be known, or nothing would be cut.
        await transaction.CommitAsync(CancellationToken.None, ForgetAsync).ConfigureAwait(false);
        await ForgetAsync().ConfigureAwait(false);
        return result;

        Task ForgetAsync()
        {
            callers.Clear();
            return Task.CompletedTask;
        }
    }

    /// <summary>The same, of what has no answer.</summary>
    public async Task<Error?> RunAsync(
        OperationContext operation, string? organizationId, Permission permission, string action, string resource,
        Func<AccessChange, Task<Error?>> change, CancellationToken cancellationToken)
    {
        var result = await RunAsync<Nothing>(
            operation, organizationId, permission, action, resource,
            async asked => await change(asked).ConfigureAwait(false) is { } error ? error : default(Nothing), cancellationToken).ConfigureAwait(false);
        return result.Error;
    }

    private async Task<Error> RefuseAsync(ControlPlaneTransaction transaction, AuditEntry entry, Error error, CancellationToken cancellationToken)
    {
        var context = transaction.Context;
        // A change that is refused has changed nothing yet.
        context.ChangeTracker.Clear();
        audit.Append(context, entry);
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return error;
    }

    private readonly record struct Nothing;
}
