using Microsoft.EntityFrameworkCore;
using Planton.Api.ApiKeys;
using Planton.Server.ApiKeys;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.ServiceAccounts;

/// <summary>The keys of an organization's service accounts. Those of a runner's own are its credentials', and are only listed here.</summary>
internal sealed class ServiceAccountKeyService(
    IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, AccessChanges changes, TimeProvider time)
{
    public async Task<Result<IReadOnlyList<ApiKey>>> ListAsync(
        OperationContext operation, string organization, string name, CancellationToken cancellationToken)
    {
        var entered = await EnterAsync(operation, organization, name, "service-account.list-keys", cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var row = await ServiceAccountQueries
            .FindAsync(context, entered.Value.OrganizationId, name, time.GetStorableNow(), cancellationToken).ConfigureAwait(false);
        if (row is null)
            return await ServiceAccountErrors.NotFoundAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false);
        return await ApiKeyStore.ListAsync(context, ApiKeyOwner.ServiceAccount(row.Account.Id), cancellationToken).ConfigureAwait(false);
    }

    public async Task<Result<NewApiKey>> CreateAsync(
        OperationContext operation, string organization, string name, CreateApiKeyRequest request, CancellationToken cancellationToken)
    {
        if (ApiKeyLimits.Validate(request) is { } invalid)
            return invalid;
        var entered = await EnterAsync(operation, organization, name, AuditAction.CreateServiceAccountKey, cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        return await changes.RunAsync<NewApiKey>(
            operation, entered.Value.OrganizationId, Permission.ManageServiceAccount, AuditAction.CreateServiceAccountKey, Resource(name),
            async change =>
            {
                // Who holds a key has its role: a key of somebody above would be a way up.
                var owner = await OwnerAsync(change, entered.Value, name, "give a key to", runner => $"generate-credentials {runner}", cancellationToken).ConfigureAwait(false);
                if (!owner.Succeeded)
                    return owner.Error;
                var key = await ApiKeyStore.AddAsync(change.Context, owner.Value, request.ExpiresInSeconds, change.Now, cancellationToken).ConfigureAwait(false);
                change.Detail = key.Value?.ToString();
                return key;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<Error?> RevokeAsync(
        OperationContext operation, string organization, string name, string id, CancellationToken cancellationToken)
    {
        var entered = await EnterAsync(operation, organization, name, AuditAction.RevokeServiceAccountKey, cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        return await changes.RunAsync(
            operation, entered.Value.OrganizationId, Permission.ManageServiceAccount, AuditAction.RevokeServiceAccountKey, Resource(name),
            async change =>
            {
                change.Detail = $"API key {id}";
                var owner = await OwnerAsync(change, entered.Value, name, "revoke a key of", runner => $"credentials list {runner}", cancellationToken).ConfigureAwait(false);
                return owner.Succeeded
                    ? await ApiKeyStore.RevokeAsync(
                        change.Context, owner.Value, id, change.Now, key => ServiceAccountErrors.NoSuchKey(name, key), cancellationToken).ConfigureAwait(false)
                    : owner.Error;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Result<ApiKeyOwner>> OwnerAsync(
        AccessChange change, CallerMembership organization, string name, string what, Func<string, string> runnerCommand, CancellationToken cancellationToken)
    {
        var row = await ServiceAccountQueries
            .FindAsync(change.Context, organization.OrganizationId, name, change.Now, cancellationToken).ConfigureAwait(false);
        if (row is null)
            return await ServiceAccountErrors.NotFoundAsync(change.Context, organization, name, cancellationToken).ConfigureAwait(false);
        if (row.Account.RunnerId is not null)
            return ServiceAccountErrors.OfRunner(name, row.Runner ?? "", runnerCommand(row.Runner ?? ""));
        if (RoleErrors.Above(change, organization, row.Membership.Role, $"{what} a service account that is {row.Membership.Role}") is { } above)
            return above;
        return ApiKeyOwner.ServiceAccount(row.Account.Id);
    }

    private Task<Result<CallerMembership>> EnterAsync(
        OperationContext operation, string organization, string name, string action, CancellationToken cancellationToken) =>
        gatekeeper.EnterAsync(operation, organization, Permission.ManageServiceAccount, action, Resource(name), cancellationToken);

    private static string Resource(string name) => $"service-account/{name}";
}
