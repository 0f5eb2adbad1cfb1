using System.Diagnostics;

namespace Planton.EndToEnd.Tests.Installations;

/// <summary>
/// A time that the product promises, held on a machine that may be busy: what the same command takes when nothing is wrong, measured
/// in the same test, comes on top of it.
/// </summary>
internal sealed class Promise(ITestOutputHelper output, TimeSpan control)
{
    /// <summary>Measures the control.</summary>
    public static async Task<Promise> MeasureAsync(ITestOutputHelper output, Func<Task> command)
    {
        var started = Stopwatch.GetTimestamp();
        await command();
        var took = Stopwatch.GetElapsedTime(started);
        output.WriteLine($"control: {took.TotalMilliseconds:0} ms");
        return new Promise(output, took);
    }

    /// <summary>Fails the test when what began at <paramref name="since"/> took longer than promised.</summary>
    public void Holds(string what, long since, TimeSpan promised)
    {
        var took = Stopwatch.GetElapsedTime(since);
        output.WriteLine($"{what} after {took.TotalSeconds:0.00} s");
        Assert.True(took < promised + control, $"{what} after {took}: promised within {promised}, and the control took {control}");
    }
}
