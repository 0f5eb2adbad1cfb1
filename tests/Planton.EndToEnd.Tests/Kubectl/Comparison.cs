using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Kubectl;

/// <summary>
/// Compares two programs on a cluster that changes: kubectl, the one under test, kubectl. Repeated only while the two kubectls
/// differ from each other; once they agree, the run between them must match.
/// </summary>
internal static class Comparison
{
    private const int Attempts = 20;

    /// <summary>Runs the three, fails the test unless both printed the same, and returns what kubectl and the program under test did.</summary>
    /// <param name="reference">Runs kubectl against the cluster.</param>
    /// <param name="tested">Runs what is compared with it.</param>
    /// <param name="mask">Removes what the passing of time alone changes.</param>
    public static async Task<(ProgramResult Reference, ProgramResult Tested)> SamePrintedAsync(
        Func<Task<ProgramResult>> reference, Func<Task<ProgramResult>> tested, Func<string, string> mask)
    {
        var before = await reference();
        for (var attempt = 1; ; attempt++)
        {
            var between = await tested();
            var after = await reference();
            if (mask(before.Output) == mask(after.Output) && before.Error == after.Error)
            {
                Assert.Equal(mask(after.Output), mask(between.Output));
                Assert.Equal(after.Error, between.Error);
                return (after, between);
            }

            Assert.True(attempt < Attempts, $"the cluster changed between each of {Attempts + 1} runs of kubectl: {before.Output}\n{after.Output}");
            before = after;
        }
    }
}
