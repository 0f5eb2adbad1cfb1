using System.Globalization;
using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Logs;

/// <summary>
/// The lines of one run of one container. Nothing is kept: line <c>n</c> is a function of <c>n</c> and was written
/// <c>n</c> seconds after the start, so that any pod has a log of any age that costs no memory.
/// </summary>
internal sealed class ContainerLog
{
    /// <summary>An annotation: so many lines more, all written at the start. For tests that need a large log.</summary>
    public const string BacklogAnnotation = "sample-cluster/log-backlog-lines";

    private const long MaxBacklog = 10_000_000;

    private static readonly string[] Paths = ["/", "/cart", "/checkout", "/products/42", "/products/7", "/healthz", "/search?q=tea", "/login"];

    private readonly string _app;
    private readonly DateTimeOffset _start;
    private readonly DateTimeOffset? _end;
    private readonly long _backlog;

    public ContainerLog(JsonObject pod, string container, DateTimeOffset start, DateTimeOffset? end)
    {
        _app = container;
        _start = start;
        _end = end;
        _backlog = long.TryParse(pod.Text("metadata", "annotations", BacklogAnnotation), NumberStyles.None, CultureInfo.InvariantCulture, out var lines)
            ? Math.Min(lines, MaxBacklog)
            : 0;
    }

    /// <summary>Whether no line will come any more.</summary>
    public bool Ended => _end is not null;

    /// <summary>How many lines there are at a time.</summary>
    public long Count(DateTimeOffset now)
    {
        var last = _end ?? now;
        return last < _start ? 0 : _backlog + 1 + (long)(last - _start).TotalSeconds + (_end is null ? 0 : 1);
    }

    /// <summary>The first line written at or after a time.</summary>
    public long FirstSince(DateTimeOffset since)
    {
        var seconds = (since - _start).TotalSeconds;
        return seconds <= 0 ? 0 : _backlog + (long)Math.Ceiling(seconds);
    }

    public DateTimeOffset TimeOf(long line) => _start + TimeSpan.FromSeconds(Math.Max(0, line - _backlog));

    public string TextOf(long line)
    {
        if (line == 0)
            return $"level=info app={_app} msg=\"starting\"";
        if (_end is not null && line == Count(_end.Value) - 1)
            return $"level=fatal app={_app} msg=\"cannot reach the payment provider: connection refused\"";
        var path = Paths[line * 7 % Paths.Length];
        return string.Create(CultureInfo.InvariantCulture, $"level=info app={_app} line={line} msg=\"GET {path} 200 {3 + (line * 13 % 40)}ms\"");
    }
}
