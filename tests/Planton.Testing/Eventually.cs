using System.Diagnostics;

namespace Planton.Testing;

/// <summary>Waits for a condition that has no event to wait on. The failure names what was awaited.</summary>
public static class Eventually
{
    /// <summary>How long a wait takes when nothing else is said: generous, since CI machines are slow.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns when <paramref name="condition"/> holds; throws <see cref="TimeoutException"/> when it does not in time.</summary>
    /// <param name="condition">Evaluated about 50 times a second.</param>
    /// <param name="what">Completes the sentence "… did not happen: ".</param>
    /// <param name="timeout"><see cref="DefaultTimeout"/> when null.</param>
    /// <param name="cancellationToken">The test's own end.</param>
    public static Task BecomesTrueAsync(
        Func<bool> condition, string what, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        BecomesTrueAsync(() => Task.FromResult(condition()), what, timeout, cancellationToken);

    /// <inheritdoc cref="BecomesTrueAsync(Func{bool}, string, TimeSpan?, CancellationToken)"/>
    public static async Task BecomesTrueAsync(
        Func<Task<bool>> condition, string what, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var limit = timeout ?? DefaultTimeout;
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
                throw new TimeoutException($"did not happen within {limit.TotalSeconds:0.###} s: {what}");
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
