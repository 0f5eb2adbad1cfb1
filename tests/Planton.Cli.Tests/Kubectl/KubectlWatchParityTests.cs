using System.Diagnostics;
using System.Text.RegularExpressions;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Kubectl;

/// <summary>S23, R7: what <c>planton kubectl get --watch</c> prints of changes is what kubectl prints.</summary>
public sealed partial class KubectlWatchParityTests(RealCluster cluster) : IDisposable
{
    private const int Attempts = 5;

    /// <summary>Headings, what was there, and a change at least.</summary>
    private const int Lines = 5;
    private const int MaxChanges = 100;

    private readonly CliHarness _cli = new();

    [Theory]
    [InlineData("pods -n cli-parity -l app=web -w")]
    [InlineData("pods -n cli-parity -l app=web -w --output-watch-events")]
    [InlineData("pods -n cli-parity -l app=web -w -o name")]
    [InlineData("pods -A -l app=web --watch-only -o wide")]
    [InlineData("deploy web -n cli-parity -w")]
    public async Task WhenWatching_TheChangesLookLikeKubectls(string arguments)
    {
        await cluster.UseAsync(_cli);
        var pod = (await cluster.RunKubectlAsync("get", "pods", "-n", RealCluster.Namespace, "-l", "app=web", "-o", "name")).Out.Split('\n')[0];
        // They do not begin at the same moment: a change of the cluster's own in between is seen by some of them alone.
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (before, ours, after) = await WatchAsync(arguments.Split(' '), pod);
            if (before != after)
                continue;
            Assert.Equal(after, ours);
            return;
        }

        Assert.Fail($"the cluster did not stand still: kubectl get {arguments} differed from itself {Attempts} times");
    }

    public void Dispose() => _cli.Dispose();

    /// <summary>The first lines of a watch of ours, and of two of kubectl that began before and after it.</summary>
    private async Task<(string Before, string Ours, string After)> WatchAsync(string[] words, string pod)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var (before, ours, after) = (new SignalWriter(), new SignalWriter(), new SignalWriter());
        using var first = StartKubectl(words, before);
        var running = _cli.RunAsync(ours, TextWriter.Null, cancellation.Token, ["kubectl", "get", .. words, "--connection", "real"]);
        using var second = StartKubectl(words, after);
        try
        {
            SignalWriter[] all = [before, ours, after];
            for (var changes = 0; all.Any(shown => Count(shown) < Lines); changes++)
            {
                Assert.True(changes < MaxChanges, $"after {changes} changes:\n{string.Join("\n\n", all.Select(shown => shown.Text))}");
                await AnnotateAsync(pod, $"change-{changes}");
            }
        }
        finally
        {
            first.Kill();
            second.Kill();
            await cancellation.CancelAsync();
        }

        Assert.Equal(130, await running);
        return (First(before), First(ours), First(after));
    }

    private static int Count(SignalWriter shown) => shown.Text.Count(c => c == '\n');

    // The first age that a watch prints sets the column width, and watches start at different moments: 99s, 100s.
    private static string First(SignalWriter shown) =>
        AfterAge().Replace(KubectlOutput.WithoutAges(string.Join('\n', shown.Text.Split('\n').Take(Lines))), "AGE ");

    private Process StartKubectl(string[] words, SignalWriter shown)
    {
        var kubectl = cluster.Start(["get", .. words]);
        kubectl.OutputDataReceived += (_, line) => shown.Write(line.Data is null ? "" : line.Data + "\n");
        kubectl.BeginOutputReadLine();
        return kubectl;
    }

    // One pod alone: each change is the same line, however many of them one watch saw before another began.
    private async Task AnnotateAsync(string pod, string value)
    {
        var changed = await cluster.RunKubectlAsync("annotate", "--overwrite", "-n", RealCluster.Namespace, pod, "deploy/web", $"change={value}");
        Assert.True(changed.ExitCode == 0, changed.Error);
    }

    [GeneratedRegex("\\bAGE +")]
    private static partial Regex AfterAge();
}
