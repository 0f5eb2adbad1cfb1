using System.Text.RegularExpressions;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Kubectl;

/// <summary>S23, R7: what <c>planton kubectl get</c> prints is what kubectl prints, to the byte.</summary>
public sealed partial class KubectlParityTests(RealCluster cluster) : IClassFixture<RealCluster>, IDisposable
{
    /// <summary>An age, or a count in an event, may change between the two commands.</summary>
    private const int Attempts = 5;

    private readonly CliHarness _cli = new();

    [Theory]
    [InlineData("pods -A")]
    [InlineData("pods -n cli-parity")]
    [InlineData("pods -n cli-parity -o wide")]
    [InlineData("pods -ncli-parity -owide")]
    [InlineData("pods -n cli-parity --show-labels")]
    [InlineData("pods -n cli-parity -L app,tier")]
    [InlineData("pods -n cli-parity -L app -L pod-template-hash --no-headers")]
    [InlineData("pods -n cli-parity --no-headers")]
    [InlineData("pods -n cli-parity -l app=web")]
    [InlineData("pods -n cli-parity -l tier!=front -o wide")]
    [InlineData("pods -n cli-parity --field-selector status.phase=Running")]
    [InlineData("pods -n cli-parity --show-kind")]
    [InlineData("po,pods -n cli-parity")]
    [InlineData("Pod -n cli-parity")]
    [InlineData("pods.v1. -n cli-parity")]
    [InlineData("nodes")]
    [InlineData("nodes -o wide")]
    [InlineData("namespaces default -o yaml")]
    [InlineData("namespaces --show-labels")]
    [InlineData("deploy,svc -n cli-parity")]
    [InlineData("deploy,svc -A --no-headers")]
    [InlineData("deploy/web svc/web -n cli-parity")]
    [InlineData("deploy/web -n cli-parity --show-kind")]
    [InlineData("deployments.apps -n cli-parity")]
    [InlineData("deployments.v1.apps -n cli-parity")]
    [InlineData("deploy.ap -n cli-parity")]
    [InlineData("deploy,rs,pods -n cli-parity -o name")]
    [InlineData("svc web -n cli-parity -o wide")]
    [InlineData("all -n cli-parity")]
    [InlineData("all -A")]
    [InlineData("nodes,pods -n cli-parity")]
    [InlineData("jobs -n cli-parity -o wide")]
    [InlineData("cronjobs -A")]
    [InlineData("hpa,deploy -A")]
    [InlineData("events -n cli-parity")]
    [InlineData("pvc,sa -n cli-parity")]
    [InlineData("crd")]
    [InlineData("apiservices")]
    [InlineData("clusterroles")]
    [InlineData("clusterrolebindings -o wide")]
    [InlineData("endpoints,endpointslices -n cli-parity")]
    [InlineData("cm odd -n cli-parity -o yaml")]
    [InlineData("cm odd -n cli-parity -o json")]
    [InlineData("cm -n cli-parity -o yaml")]
    [InlineData("cm -n cli-parity -o json --show-managed-fields")]
    [InlineData("cm -A --chunk-size=3")]
    [InlineData("cm -A --chunk-size=3 -o name")]
    [InlineData("secrets pw -n cli-parity -o yaml")]
    [InlineData("pods,deploy,nodes -n cli-parity -o yaml")]
    [InlineData("crd -o json")]
    [InlineData("widgets -n cli-parity")]
    [InlineData("widgets -n cli-parity -o wide")]
    [InlineData("wd -A")]
    [InlineData("widgets.v1.cli-parity.example.com alpha -n cli-parity -o yaml")]
    [InlineData("widgets alpha -n cli-parity -o json")]
    [InlineData("gears")]
    [InlineData("gear/cog widget/alpha -n cli-parity")]
    [InlineData("toys -n cli-parity")]
    [InlineData("pods")]
    [InlineData("pods -n no-such-namespace -o json")]
    [InlineData("pods -n no-such-namespace -o yaml")]
    [InlineData("pods,svc -n no-such-namespace")]
    [InlineData("pods no-such-pod -n cli-parity --ignore-not-found")]
    public async Task WhenThereIsSomethingToShow_OutputAndErrorsAreKubectls(string arguments) => await CompareAsync(arguments, expectedExitCode: 0);

    [Theory]
    [InlineData("pods no-such-pod -n cli-parity", 3)]
    [InlineData("pods no-such-pod another -n cli-parity", 3)]
    [InlineData("cm plain no-such-map pw -n cli-parity", 3)]
    [InlineData("cm plain no-such-map -n cli-parity -o yaml", 3)]
    [InlineData("nosuchtype", 1)]
    [InlineData("nosuchtype.example.com", 1)]
    [InlineData("pods --field-selector bogus=1", 1)]
    public async Task WhenTheClusterRefuses_TheMessageIsKubectls(string arguments, int exitCode) => await CompareAsync(arguments, exitCode);

    [Theory]
    [InlineData("pods -n cli-parity -l app=web -w")]
    [InlineData("pods -n cli-parity -l app=web -w --output-watch-events")]
    [InlineData("pods -n cli-parity -l app=web -w -o name")]
    [InlineData("pods -A -l app=web --watch-only -o wide")]
    [InlineData("deploy web -n cli-parity -w")]
    public async Task WhenWatching_TheChangesLookLikeKubectls(string arguments)
    {
        Prepare();
        var (expected, actual) = ("", "");
        // The two do not begin at the same moment: a change of the cluster's own in between is seen by one of them alone.
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            (expected, actual) = await WatchAsync(arguments.Split(' '));
            if (expected == actual)
                break;
        }

        Assert.Equal(expected, actual);
    }

    public void Dispose() => _cli.Dispose();

    private async Task<(string Expected, string Actual)> WatchAsync(string[] words)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var ours = new SignalWriter();
        var theirs = new SignalWriter();
        var running = _cli.RunAsync(ours, TextWriter.Null, cancellation.Token, ["kubectl", "get", .. words, "--connection", "real"]);
        using var kubectl = cluster.Start(["get", .. words]);
        kubectl.OutputDataReceived += (_, line) => theirs.Write(line.Data is null ? "" : line.Data + "\n");
        kubectl.BeginOutputReadLine();

        // Both show what they were started with, or take up the first of the changes.
        var changes = 0;
        while (ours.Text.Length == 0 || theirs.Text.Length == 0)
            await AnnotateAsync($"start-{changes++}");
        await AnnotateAsync("last");
        var count = Lines(theirs.Text);
        await ours.WaitForAsync(text => Lines(text) >= Math.Min(count, 2), "the changes");
        await cancellation.CancelAsync();
        kubectl.Kill();
        Assert.Equal(130, await running);

        var common = Math.Min(Lines(ours.Text), Lines(theirs.Text));
        Assert.True(common > 0);
        return (Normalize(First(theirs.Text, common)), Normalize(First(ours.Text, common)));
    }

    private static int Lines(string text) => text.Count(c => c == '\n');

    private static string First(string text, int lines) => string.Join('\n', text.Split('\n').Take(lines));

    private async Task AnnotateAsync(string value)
    {
        var changed = await cluster.RunKubectlAsync("annotate", "--overwrite", "-n", RealCluster.Namespace, "pods,deploy", "-l", "app=web", $"change={value}");
        Assert.True(changed.ExitCode == 0, changed.Error);
    }

    private void Prepare()
    {
        cluster.Require();
        _cli.Variables["PLANTON_SERVER"] = cluster.ServerUrl;
        _cli.Variables["PLANTON_ORG"] = "default";
        _cli.Variables["PLANTON_API_KEY"] = "pck_any";
    }

    private async Task CompareAsync(string arguments, int expectedExitCode)
    {
        Prepare();
        var words = arguments.Split(' ');
        CliResult expected = new(0, "", ""), actual = expected;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            expected = await cluster.RunKubectlAsync(["get", .. words]);
            actual = await _cli.RunAsync(["kubectl", "get", .. words, "--connection", "real"]);
            if (Normalize(expected.Out) == Normalize(actual.Out))
                break;
        }

        Assert.Equal(Normalize(expected.Out), Normalize(actual.Out));
        Assert.Equal(WithoutWarnings(expected.Error), actual.Error);
        Assert.Equal(expectedExitCode, actual.ExitCode);
        Assert.Equal(expected.ExitCode == 0, actual.ExitCode == 0);
    }

    private static string Normalize(string output) => AgePattern().Replace(output, "AGE");

    /// <summary>The server's warnings of deprecated versions.</summary>
    private static string WithoutWarnings(string error) =>
        string.Join('\n', error.Split('\n').Where(line => !line.StartsWith("Warning:", StringComparison.Ordinal)));

    [GeneratedRegex(@"\b(\d+[dhms])+\b")]
    private static partial Regex AgePattern();
}
