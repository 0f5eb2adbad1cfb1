namespace Planton.Testing.Processes;

/// <summary>Lines of one output of a process, with waiting.</summary>
internal sealed class LineLog
{
    private const int MaxLines = 200_000;

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
                return [.. _lines];
        }
    }

    public string? Find(Func<string, bool> matches)
    {
        lock (_lock)
            return _lines.Find(line => matches(line));
    }

    public async Task ReadAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (_lock)
            {
                if (_lines.Count < MaxLines)
                    _lines.Add(line);
            }
        }
    }
}
