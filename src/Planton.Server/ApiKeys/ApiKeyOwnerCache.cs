using System.Collections.Concurrent;

namespace Planton.Server.ApiKeys;

/// <summary>
/// Remembers for a moment whose key is whose, so that a burst of requests does not become a burst of queries: what is missing is
/// read once, however many wait for it. Short enough that a revocation made anywhere takes effect within a second; one made here
/// takes effect at once, by <see cref="Clear"/>.
/// </summary>
internal sealed class ApiKeyOwnerCache(TimeProvider time)
{
    private const int MaxEntries = 10_000;

    // Counted from the beginning of a reading: how old the database's answer is at most.
    private static readonly TimeSpan Life = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    // Of keys that somebody waits for: no more than there are requests in flight.
    private readonly ConcurrentDictionary<string, Load> _loads = new(StringComparer.Ordinal);
    private int _generation;

    /// <summary>Raised after <see cref="Clear"/>: what was begun before may have to end.</summary>
    public event Action? Cleared;

    private int Generation => Volatile.Read(ref _generation);

    /// <summary>
    /// What is remembered of the key, or what <paramref name="read"/> returns. A reading belongs to none of those who wait for it: a
    /// caller that goes away leaves it to the others. When it fails, it fails for those who wait, and the next one reads anew. What is
    /// not good is not remembered.
    /// </summary>
    public async ValueTask<ApiKeyReading> GetAsync(string keyId, Func<Task<ApiKeyReading>> read, CancellationToken cancellationToken) =>
        Find(keyId) ?? await Join(keyId, read).WaitAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>To be called after anything changed that decides who a key belongs to or what its owner may do.</summary>
    public void Clear()
    {
        // A reading that began before is neither found nor joined from here on.
        Interlocked.Increment(ref _generation);
        _entries.Clear();
        Cleared?.Invoke();
    }

    private ApiKeyReading? Find(string keyId) => _entries.TryGetValue(keyId, out var entry) && IsFresh(entry.Of) ? entry.Reading : null;

    private bool IsFresh(Load load) => load.Generation == Generation && time.GetElapsedTime(load.Began) < Life;

    private Task<ApiKeyReading> Join(string keyId, Func<Task<ApiKeyReading>> read)
    {
        if (!_loads.TryGetValue(keyId, out var load) || !IsFresh(load))
        {
            var own = new Load(time.GetTimestamp(), Generation);
            own.Reading = new Lazy<Task<ApiKeyReading>>(() => RunAsync(keyId, own, read));
            load = _loads.AddOrUpdate(keyId, own, (_, other) => IsFresh(other) ? other : own);
        }

        return load.Reading.Value;
    }

    private async Task<ApiKeyReading> RunAsync(string keyId, Load load, Func<Task<ApiKeyReading>> read)
    {
        // Those who come meanwhile wait for the task, and not for its first part, which is all of it where a database is not asynchronous.
        await Task.Yield();
        try
        {
            // Another reading may have ended since this one was found to be missing.
            if (Find(keyId) is { } found)
                return found;
            var reading = await read().ConfigureAwait(false);
            if (reading.Caller.Succeeded)
                Keep(keyId, new Entry(reading, load));
            return reading;
        }
        finally
        {
            _loads.TryRemove(KeyValuePair.Create(keyId, load));
        }
    }

    private void Keep(string keyId, Entry entry)
    {
        if (_entries.Count >= MaxEntries)
            _entries.Clear();
        _entries[keyId] = entry;
    }

    private sealed record Entry(ApiKeyReading Reading, Load Of);

    // The generation from before the database is asked.
    private sealed class Load(long began, int generation)
    {
        public long Began => began;

        public int Generation => generation;

        public Lazy<Task<ApiKeyReading>> Reading { get; set; } = null!;
    }
}
