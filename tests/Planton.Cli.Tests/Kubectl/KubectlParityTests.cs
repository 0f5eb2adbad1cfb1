using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Kubectl;

/// <summary>S23, R7: what <c>planton kubectl get</c> prints is what kubectl prints, to the byte.</summary>
public sealed class KubectlParityTests(RealCluster cluster) : IDisposable
{
    /// <summary>The times in a table of events, or in one without headings, change every second.</summary>
    private const int Attempts = 20;

    private readonly CliHarness _cli = new();

    [Theory]
    [InlineData("pods -A")]
    [InlineData("pods -n cli-parity")]
    [InlineData("pods -ncli-parity -owide")]
    [InlineData("pods -n cli-parity --show-labels")]
    [InlineData("pods -n cli-parity -L app,tier")]
    [InlineData("pods -n cli-parity -L app -L pod-template-hash --no-headers")]
    [InlineData("pods -n cli-parity -l tier!=front -o wide")]
    [InlineData("pods -n cli-parity --field-selector status.phase=Running")]
    [InlineData("pods -n cli-parity --show-kind")]
    [InlineData("po,pods -n cli-parity")]
    [InlineData("Pod -n cli-parity")]
    [InlineData("pods.v1. -n cli-parity")]
    [InlineData("nodes -o wide")]
    [InlineData("deploy,svc -A --no-headers")]
    [InlineData("deploy/web svc/web -n cli-parity")]
    [InlineData("deployments.apps -n cli-parity")]
    [InlineData("deploy.ap -n cli-parity")]
    [InlineData("deploy,rs,pods -n cli-parity -o name")]
    [InlineData("all -A")]
    [InlineData("nodes,pods -n cli-parity")]
    [InlineData("cronjobs -A")]
    [InlineData("hpa,deploy -A")]
    [InlineData("events -n cli-parity")]
    [InlineData("pvc,sa -n cli-parity")]
    [InlineData("clusterrolebindings -o wide")]
    [InlineData("endpoints,endpointslices -n cli-parity")]
    [InlineData("cm odd -n cli-parity -o yaml")]
    [InlineData("cm odd -n cli-parity -o json")]
    [InlineData("cm -n cli-parity -o yaml")]
    [InlineData("cm -n cli-parity -o json --show-managed-fields")]
    [InlineData("cm -A --chunk-size=3")]
    [InlineData("pods,deploy,nodes -n cli-parity -o yaml")]
    [InlineData("crd -o json")]
    [InlineData("widgets -n cli-parity -o wide")]
    [InlineData("wd -A")]
    [InlineData("widgets.v1.cli-parity.example.com alpha -n cli-parity -o yaml")]
    [InlineData("widgets alpha -n cli-parity -o json")]
    [InlineData("gears")]
    [InlineData("gear/cog widget/alpha -n cli-parity")]
    [InlineData("toys -n cli-parity")]
    [InlineData("pods")]
    [InlineData("pods -n no-such-namespace -o json")]
    [InlineData("pods,svc -n no-such-namespace")]
    [InlineData("pods no-such-pod -n cli-parity --ignore-not-found")]
    public async Task WhenThereIsSomethingToShow_OutputAndErrorsAreKubectls(string arguments) => await CompareAsync(arguments, expectedExitCode: 0);

    [Theory]
    [InlineData("pods no-such-pod another -n cli-parity", 3)]
    [InlineData("cm plain no-such-map pw -n cli-parity", 3)]
    [InlineData("cm plain no-such-map -n cli-parity -o yaml", 3)]
    [InlineData("nosuchtype", 1)]
    [InlineData("nosuchtype.example.com", 1)]
    [InlineData("pods --field-selector bogus=1", 1)]
    public async Task WhenTheClusterRefuses_TheMessageIsKubectls(string arguments, int exitCode) => await CompareAsync(arguments, exitCode);

    public void Dispose() => _cli.Dispose();

    /// <summary>Ours is between two of kubectl's: only what changed between those may differ, and then it is compared again.</summary>
    private async Task CompareAsync(string arguments, int expectedExitCode)
    {
        await cluster.UseAsync(_cli);
        var words = arguments.Split(' ');
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var before = KubectlOutput.Comparable(await cluster.RunKubectlAsync(["get", .. words]));
            var ours = await _cli.RunAsync(["kubectl", "get", .. words, "--connection", "real"]);
            var after = KubectlOutput.Comparable(await cluster.RunKubectlAsync(["get", .. words]));
            if (before != after)
                continue;
            Assert.Equal(after.Out, KubectlOutput.Comparable(ours).Out);
            Assert.Equal(after.Error, ours.Error);
            Assert.Equal(expectedExitCode, ours.ExitCode);
            Assert.Equal(after.ExitCode == 0, ours.ExitCode == 0);
            return;
        }

        Assert.Fail($"the cluster did not stand still: kubectl get {arguments} differed from itself {Attempts} times");
    }
}
