namespace SampleCluster.Objects;

/// <summary>The last changes, bounded by count and by size: watches older than that must list again.</summary>
internal sealed class ObjectHistory(int maxChanges, long maxBytes)
{
    private readonly LinkedList<ObjectChange> _changes = new();
    private long _bytes;

    /// <summary>The newest version whose change is no longer here.</summary>
    public long ForgottenVersion { get; private set; }

    public void Add(ObjectChange change)
    {
        _changes.AddLast(change);
        _bytes += change.Object.Utf8.Length;
        while (_changes.Count > maxChanges || (_bytes > maxBytes && _changes.Count > 1))
        {
            var oldest = _changes.First!.Value;
            ForgottenVersion = oldest.Version;
            _bytes -= oldest.Object.Utf8.Length;
            _changes.RemoveFirst();
        }
    }

    public List<ObjectChange> Since(long version)
    {
        var newer = new List<ObjectChange>();
        for (var node = _changes.Last; node is not null && node.Value.Version > version; node = node.Previous)
            newer.Add(node.Value);
        newer.Reverse();
        return newer;
    }
}
