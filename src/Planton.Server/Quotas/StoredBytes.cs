using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Quotas;

/// <summary>
/// How much an organization stores. Counted by the database, and remembered for a while: to count for each write would make an
/// organization with much stored a burden for the others. Nobody is refused by what is remembered alone.
/// </summary>
internal sealed class StoredBytes(QuotaOptions quotas, TimeProvider time)
{
    /// <summary>What a row takes besides its values: keys, indexes, the database's own.</summary>
    public const int RowBytes = 256;

    private const int MaxRemembered = 10_000;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    // Who is at the limit and tries on is not counted for each try.
    private static readonly TimeSpan LifeAtLimit = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Total> _totals = new(StringComparer.Ordinal);

    /// <summary>Null when the organization may store that much more. Inside the transaction that does, before it is committed.</summary>
    public async Task<Error?> TakeAsync(
        ControlPlaneContext context, string organizationId, string organization, long bytes, CancellationToken cancellationToken)
    {
        var most = quotas.OrganizationStoredMebibytes * 1024L * 1024;
        var total = _totals.GetValueOrDefault(organizationId);
        if (total is null || time.GetElapsedTime(total.Taken) >= (total.Bytes + bytes > most ? LifeAtLimit : Life))
            total = new Total(await CountAsync(context, organizationId, cancellationToken).ConfigureAwait(false), time.GetTimestamp());
        if (_totals.Count >= MaxRemembered)
            _totals.Clear();
        if (total.Bytes + bytes > most)
        {
            _totals[organizationId] = total;
            return QuotaErrors.Full(
                $"organization \"{organization}\" stores {total.Bytes / 1024} KiB of secrets, variables and connections' credentials, and {bytes} bytes more are too many",
                Quota.OrganizationStoredMebibytes, quotas);
        }

        _totals[organizationId] = total with { Bytes = total.Bytes + bytes };
        return null;
    }

    private static async Task<long> CountAsync(ControlPlaneContext context, string organizationId, CancellationToken cancellationToken)
    {
        var secrets = await context.Secrets.Where(secret => secret.OrganizationId == organizationId)
            .Join(context.SecretVersions, secret => secret.Id, version => version.SecretId, (_, version) => (long)version.SealedValues.Length + version.Keys.Length + RowBytes)
            .SumAsync(cancellationToken).ConfigureAwait(false);
        var variables = await context.Variables.Where(variable => variable.OrganizationId == organizationId)
            .Join(context.VariableVersions, variable => variable.Id, version => version.VariableId, (_, version) => (long)version.Value.Length + RowBytes)
            .SumAsync(cancellationToken).ConfigureAwait(false);
        var materials = await context.Connections.Where(connection => connection.OrganizationId == organizationId)
            .Join(context.ConnectionMaterials, connection => connection.Id, material => material.ConnectionId, (_, material) => (long)material.SealedKubeconfig.Length + RowBytes)
            .SumAsync(cancellationToken).ConfigureAwait(false);
        return secrets + variables + materials;
    }

    private sealed record Total(long Bytes, long Taken);
}
