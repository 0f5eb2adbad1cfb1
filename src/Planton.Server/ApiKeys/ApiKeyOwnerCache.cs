using System.Collections.Concurrent;
using Planton.Server.Authorization;

namespace Planton.Server.ApiKeys;

/// <summary>
/// Remembers for a moment whose key is whose, so that a burst of requests does not become a burst of queries. Short enough that
/// a revocation made anywhere bites within a second; one made here bites at once, by <see cref="Clear"/>.
/// </summary>
internal sealed class ApiKeyOwnerCache(TimeProvider time)
{
    private const int MaxEntries = 10_000;
    private static readonly TimeSpan Life = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private int _generation;

    /// <summary>Taken before the database is asked, and given to <see cref="Set"/>: an answer from before a change is not kept.</summary>
    public int Generation => Volatile.Read(ref _generation);

    public bool TryGet(string keyId, out byte[] secretHash, out CallerIdentity caller)
    {
        if (_entries.TryGetValue(keyId, out var entry) && time.GetElapsedTime(entry.Taken) < Life)
        {
            (secretHash, caller) = (entry.SecretHash, entry.Caller);
            return true;
        }

        (secretHash, caller) = ([], null!);
        return false;
    }

    public void Set(string keyId, byte[] secretHash, CallerIdentity caller, int generation)
    {
        if (_entries.Count >= MaxEntries)
            _entries.Clear();
        _entries[keyId] = new Entry(secretHash, caller, time.GetTimestamp());
        if (Generation != generation)
            _entries.TryRemove(keyId, out _);
    }

    /// <summary>Raised after <see cref="Clear"/>: what was begun before may have to end.</summary>
    public event Action? Cleared;

    /// <summary>To be called after anything changed that decides who a key belongs to or what its owner may do.</summary>
    public void Clear()
    {
        Interlocked.Increment(ref _generation);
        _entries.Clear();
        Cleared?.Invoke();
    }

    private sealed record Entry(byte[] SecretHash, CallerIdentity Caller, long Taken);
}
