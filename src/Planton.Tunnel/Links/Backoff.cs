namespace Planton.Tunnel.Links;

/// <summary>
/// Exponential back-off with full jitter: the n-th wait is drawn evenly from 0 to min(cap, first·2ⁿ). The spread matters more
/// than the growth: after a restart of the gateway every runner dials at once.
/// </summary>
/// <param name="first">The ceiling of the first wait.</param>
/// <param name="cap">The highest ceiling.</param>
/// <param name="random">Draws a number in [0, 1).</param>
public sealed class Backoff(TimeSpan first, TimeSpan cap, Func<double> random)
{
    private const int MaxDoublings = 30;
    private int _failures;

    /// <summary>How many waits were drawn since the last reset.</summary>
    public int Failures => _failures;

    /// <summary>Draws the next wait.</summary>
    public TimeSpan Next()
    {
        var ceiling = Math.Min(cap.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(_failures, MaxDoublings)));
        _failures++;
        return TimeSpan.FromMilliseconds(ceiling * random());
    }

    /// <summary>Begins again at the first ceiling.</summary>
    public void Reset() => _failures = 0;
}
