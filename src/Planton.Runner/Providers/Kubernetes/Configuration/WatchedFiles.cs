namespace Planton.Runner.Providers.Kubernetes.Configuration;

/// <summary>
/// Notices that any of some files changed, appeared or went, by looking no more often than an interval. Polling instead of
/// notifications: those do not work on every file system that secrets are mounted from.
/// </summary>
internal sealed class WatchedFiles
{
    private readonly string[] _paths;
    private readonly Stamp[] _stamps;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private long _checkedAt;

    /// <summary>Make it before reading the files, so that a change in between is not missed.</summary>
    public WatchedFiles(IEnumerable<string> paths, TimeProvider time, TimeSpan interval)
    {
        _paths = [.. paths];
        _stamps = [.. _paths.Select(Stamp.Of)];
        (_time, _interval) = (time, interval);
        _checkedAt = time.GetTimestamp();
    }

    public bool Changed()
    {
        var now = _time.GetTimestamp();
        if (_time.GetElapsedTime(Volatile.Read(ref _checkedAt), now) < _interval)
            return false;
        Volatile.Write(ref _checkedAt, now);
        return _paths.Where((path, i) => Stamp.Of(path) != _stamps[i]).Any();
    }

    private readonly record struct Stamp(bool Exists, DateTime Written, long Length)
    {
        public static Stamp Of(string path)
        {
            try
            {
                // Kubernetes replaces mounted files by turning a symbolic link: the link's own time stays.
                var file = File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path);
                return file.Exists ? new Stamp(true, file.LastWriteTimeUtc, file.Length) : default;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return default;
            }
        }
    }
}
