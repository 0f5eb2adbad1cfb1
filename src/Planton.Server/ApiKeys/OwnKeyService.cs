using Microsoft.EntityFrameworkCore;
using Planton.Api.ApiKeys;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.ApiKeys;

/// <summary>The caller's own keys.</summary>
internal sealed class OwnKeyService(IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, AccessChanges changes)
{
    public async Task<Result<IReadOnlyList<ApiKey>>> ListAsync(OperationContext operation, CancellationToken cancellationToken)
    {
        if (await gatekeeper.EnterPlatformAsync(operation, Permission.ManageOwnKeys, "api-key.list", "api-keys", cancellationToken).ConfigureAwait(false) is { } denied)
            return denied;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        return await ApiKeyStore.ListAsync(context, OwnerOf(operation.Caller), cancellationToken).ConfigureAwait(false);
    }

    public async Task<Result<NewApiKey>> CreateAsync(OperationContext operation, CreateApiKeyRequest request, CancellationToken cancellationToken)
    {
        if (ApiKeyLimits.Validate(request) is { } invalid)
            return invalid;
        return await changes.RunAsync<NewApiKey>(
            operation, null, Permission.ManageOwnKeys, AuditAction.CreateApiKey, "api-keys",
            async change =>
            {
                var key = await ApiKeyStore.AddAsync(
                    change.Context, OwnerOf(operation.Caller), request.ExpiresInSeconds, change.Now, cancellationToken).ConfigureAwait(false);
                change.Detail = key.Value?.ToString();
                return key;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public Task<Error?> RevokeAsync(OperationContext operation, string id, CancellationToken cancellationToken) => changes.RunAsync(
        operation, null, Permission.ManageOwnKeys, AuditAction.RevokeApiKey, $"api-key/{id}",
        change => ApiKeyStore.RevokeAsync(change.Context, OwnerOf(operation.Caller), id, change.Now, NotFound, cancellationToken),
        cancellationToken);

    private static ApiKeyOwner OwnerOf(CallerIdentity caller) =>
        caller.Kind == CallerKind.User ? ApiKeyOwner.User(caller.Id) : ApiKeyOwner.ServiceAccount(caller.Id);

    private static Error NotFound(string id) => new(ErrorCode.NotFound, $"none of your keys is \"{id}\"", "See them with: planton api-key list");
}
