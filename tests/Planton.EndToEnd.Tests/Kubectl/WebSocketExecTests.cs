using Planton.EndToEnd.Tests.Clusters;
using Planton.EndToEnd.Tests.Installations;

namespace Planton.EndToEnd.Tests.Kubectl;

/// <summary>
/// exec over WebSocket with <c>v5.channel.k8s.io</c>, which clients since 1.31 try first. The real cluster of the tests may be
/// older than that; the sample cluster speaks nothing else.
/// </summary>
public sealed class WebSocketExecTests(CommonInstallation common) : InstallationTest(common)
{
    private const string Connection = "with-shell";

    [Fact]
    public async Task Exec_PassesInputToItsEnd_BothOutputsAndTheExitCode()
    {
        var (kubectl, pod) = await ConnectAsync();
        var input = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n"));

        var echoed = await kubectl.RunAsync(input, ["exec", "-i", pod, "-v=7", "--", "cat"]);
        var failed = await kubectl.RunAsync("exec", pod, "--", "sh", "-c", "echo out; exit 7");

        Assert.True(echoed.ExitCode == 0, echoed.Error);
        Assert.True(input == echoed.Output, $"{input.Length} characters went in and {echoed.Output.Length} came back");
        Assert.Contains("The subprotocol is v5.channel.k8s.io", echoed.Error, StringComparison.Ordinal);
        Assert.Equal(7, failed.ExitCode);
        Assert.Equal("out\n", failed.Output);
    }

    private async Task<(ClusterClient Kubectl, string Pod)> ConnectAsync()
    {
        var sample = await SampleClusterProgram.StartAsync(Installation);
        await Installation.StartRunnerAsync("with-shell", sample.Kubeconfig);
        await Installation.ConnectAsync(Connection, "with-shell");
        var kubeconfig = Installation.PathOf("with-shell.yaml");
        await Installation.SucceedAsync("kubeconfig", Connection, "--file", kubeconfig);
        var kubectl = new ClusterClient(ClusterTools.Program(ClusterTools.NewestKubectl), kubeconfig, Installation.PathOf("with-shell-kubectl"));
        var pods = await kubectl.SucceedAsync("get", "pods", "-o", "name");
        return (kubectl, pods.Split('\n')[0]);
    }
}
