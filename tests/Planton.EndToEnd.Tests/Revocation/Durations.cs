using System.Diagnostics;
using System.Globalization;

namespace Planton.EndToEnd.Tests.Revocation;

/// <summary>Many measurements of one thing.</summary>
internal sealed class Durations(string what)
{
    private readonly List<TimeSpan> _all = [];

    public TimeSpan P99 => At(0.99);

    public void Add(long from, long to) => _all.Add(Stopwatch.GetElapsedTime(from, to));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{what}: p50 {At(0.5).TotalMilliseconds:0} ms, p99 {P99.TotalMilliseconds:0} ms, max {At(1).TotalMilliseconds:0} ms, of {_all.Count}");

    private TimeSpan At(double part) => _all.Order().ElementAt((int)Math.Ceiling(part * _all.Count) - 1);
}
