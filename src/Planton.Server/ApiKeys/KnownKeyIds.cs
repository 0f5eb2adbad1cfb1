using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;

namespace Planton.Server.ApiKeys;

/// <summary>
/// The ids of the keys that there are, read all at once. For addresses that present many keys that are not: made-up ids are refused
/// without a query for each, and a key that exists is looked up as ever.
/// </summary>
internal sealed class KnownKeyIds(IDbContextFactory<ControlPlaneContext> contexts, TimeProvider time) : IDisposable
{
    // 12 MB. With more keys than this each is looked up.
    private const int MaxIds = 100_000;

    /// <summary>How long a key that was just made may be taken for one that is not.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile Snapshot? _last;

    /// <summary>False when there is surely no key of that id.</summary>
    public async ValueTask<bool> MayExistAsync(string id, CancellationToken cancellationToken)
    {
        var last = _last;
        if (last is null || (!last.Has(id) && IsOld(last)))
            last = await ReadAsync(cancellationToken).ConfigureAwait(false);
        return last.Has(id);
    }

    public void Dispose() => _reading.Dispose();

    private async Task<Snapshot> ReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Whoever waited gets what another has just read.
            if (_last is { } read && !IsOld(read))
                return read;
            var taken = time.GetTimestamp();
            var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = context.ConfigureAwait(false);
            var ids = await context.ApiKeys.AsNoTracking().Select(key => key.Id).Take(MaxIds + 1).ToListAsync(cancellationToken).ConfigureAwait(false);
            return _last = new Snapshot(ids.Count > MaxIds ? null : ids.ToFrozenSet(StringComparer.Ordinal), taken);
        }
        finally
        {
            _reading.Release();
        }
    }

    private bool IsOld(Snapshot snapshot) => time.GetElapsedTime(snapshot.Taken) >= Life;

    private sealed record Snapshot(FrozenSet<string>? Ids, long Taken)
    {
        public bool Has(string id) => Ids is null || Ids.Contains(id);
    }
}
