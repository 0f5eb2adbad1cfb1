using System.Text;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.References;
using Planton.Api.Secrets;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Environments;
using Planton.Server.Errors;
using Planton.Server.Secrets;
using Planton.Server.Storage;

namespace Planton.Server.References;

/// <summary>Reads the values of references, all or none. Each secret and variable that is read is written down before.</summary>
internal sealed class ReferenceResolver(
    IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, IAuditLog audit, SecretCipher cipher, SecretReadLimiter limiter)
{
    /// <summary>The most bytes of all values of one answer together.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    // All keys of a secret are sealed together: one that is asked for brings the others into memory.
    private const int MaxSealedBytes = 4 * MaxBytes;

    public async Task<Result<ResolveResponse>> ResolveAsync(
        OperationContext operation, string organization, ResolveRequest request, CancellationToken cancellationToken)
    {
        var parsed = Parse(request);
        if (!parsed.Succeeded)
            return parsed.Error;
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.RevealSecret, AuditAction.Resolve, OrganizationScope.Resource(request.Environment, "references"), cancellationToken)
            .ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var secrets = parsed.Value.Where(reference => reference.IsSecret).Select(reference => reference.Name).Distinct(StringComparer.Ordinal).Count();
        if (limiter.Take(operation.Caller, secrets) is { } limited)
            return limited;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var scope = await EnvironmentQueries.ScopeAsync(context, entered.Value, request.Environment, cancellationToken).ConfigureAwait(false);
        if (!scope.Succeeded)
            return scope.Error;
        var found = await FindAsync(new ReferenceReader(context, scope.Value), parsed.Value, scope.Value, cancellationToken).ConfigureAwait(false);
        if (!found.Succeeded)
            return found.Error;
        await RecordAsync(context, operation, found.Value, scope.Value, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(context, found.Value, cancellationToken).ConfigureAwait(false);
    }

    private static Result<List<Reference>> Parse(ResolveRequest request)
    {
        var faults = new FieldFaults();
        var texts = request.References ?? [];
        if (texts.Count is 0 or > ResolveRequest.MaxReferences)
            faults.Add("references", $"must be 1 to {ResolveRequest.MaxReferences}");
        else
            for (var index = 0; index < texts.Count; index++)
            {
                // What is no reference may be a value in the wrong place: it is not repeated.
                if (Reference.Parse(texts[index]) is null)
                    faults.Add(FormattableString.Invariant($"references[{index}]"), Reference.Rule);
            }

        if (faults.ToError() is { } error)
            return error;
        return texts.Distinct(StringComparer.Ordinal).Select(text => Reference.Parse(text)!).ToList();
    }

    private static async Task<Result<List<FoundReference>>> FindAsync(
        ReferenceReader reader, List<Reference> references, OrganizationScope scope, CancellationToken cancellationToken)
    {
        var (found, faults) = (new List<FoundReference>(), new List<string>());
        foreach (var reference in references)
        {
            if (!reference.IsSecret)
            {
                if (await reader.VariableAsync(reference.Name, cancellationToken).ConfigureAwait(false) is { } variable)
                    found.Add(new FoundReference(reference, variable, null, null, null));
                else
                    faults.Add($"{reference.Text}: there is no such variable");
            }
            else if (await reader.SecretAsync(reference.Name, cancellationToken).ConfigureAwait(false) is not { } secret)
            {
                faults.Add($"{reference.Text}: there is no such secret");
            }
            else if (KeyOf(reference, secret.Version) is { } key)
            {
                found.Add(new FoundReference(reference, null, secret.Secret, secret.Version, key));
            }
            else
            {
                faults.Add(reference.Key is null
                    ? FormattableString.Invariant($"{reference.Text}: it has {secret.Version.KeyList.Count} keys; name one: {reference.Text}/KEY")
                    : $"{reference.Text}: the secret has no such key");
            }

            if (reader.SealedBytes > MaxSealedBytes)
                return TooLarge();
        }

        if (faults.Count == 0)
            return found;
        return new Error(
            ErrorCode.NotFound,
            $"{scope} cannot resolve {faults.Count} of {references.Count} reference(s): {string.Join("; ", faults)}",
            $"See what there is with: planton secret list --org {scope.Organization.OrganizationName}, planton variable list --org {scope.Organization.OrganizationName}");
    }

    private async Task RecordAsync(
        ControlPlaneContext context, OperationContext operation, List<FoundReference> found, OrganizationScope scope, CancellationToken cancellationToken)
    {
        foreach (var one in found.DistinctBy(one => one.Reference.Resource))
        {
            var environment = one.ScopeId == scope.OrganizationId ? null : scope.Environment?.Name;
            audit.Append(context, operation.Allowed(
                AuditAction.Resolve, OrganizationScope.Resource(environment, one.Reference.Resource), scope.OrganizationId,
                FormattableString.Invariant($"version {one.Version}")));
        }

        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<Result<ResolveResponse>> ReadAsync(ControlPlaneContext context, List<FoundReference> found, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var opened = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        var bytes = 0L;
        foreach (var one in found)
        {
            if (one.Secret is { } secret && !opened.ContainsKey(secret.Id))
                opened[secret.Id] = await cipher.OpenAsync(context, secret, one.Sealed!, cancellationToken).ConfigureAwait(false);
            var value = one.Variable?.Value ?? opened[one.Secret!.Id][one.Key!];
            bytes += Encoding.UTF8.GetByteCount(value);
            if (bytes > MaxBytes)
                return TooLarge();
            values[one.Reference.Text] = value;
        }

        return new ResolveResponse(values);
    }

    private static Error TooLarge() => new(
        ErrorCode.InvalidArgument, $"the values together have more than {MaxBytes / 1024} KiB, or their secrets more than {MaxSealedBytes / 1024} KiB",
        "Ask for fewer references at once.");

    // Without a key: the only one, or the one of a single value.
    private static string? KeyOf(Reference reference, SecretVersionEntity version)
    {
        var keys = version.KeyList;
        if (reference.Key is null)
            return keys.Count == 1 ? keys[0] : keys.Contains(PutSecretRequest.SingleKey) ? PutSecretRequest.SingleKey : null;
        return keys.Contains(reference.Key) ? reference.Key : null;
    }
}
