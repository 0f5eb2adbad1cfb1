using System.Globalization;

namespace Planton.Server.Tests.Fuzzing;

/// <summary>The seed of random requests. The output and the failure of a test say which one it was.</summary>
internal static class FuzzSeed
{
    /// <summary>Sets the run's own seed, to repeat a failure.</summary>
    public const string Variable = "PLANTON_TEST_SEED";

    private static readonly int OfThisRun = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
        ? int.Parse(given, CultureInfo.InvariantCulture)
        : Random.Shared.Next();

    /// <summary>Runs a test with a seed that is kept, or with the run's own when <paramref name="kept"/> is null.</summary>
    public static async Task RunAsync(ITestOutputHelper output, int? kept, Func<Random, Task> test)
    {
        var seed = kept ?? OfThisRun;
        output.WriteLine($"{Variable}={seed}");
        try
        {
            await test(new Random(seed));
        }
        catch (Exception exception) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"with {Variable}={seed}: {exception.Message}", exception);
        }
    }
}
