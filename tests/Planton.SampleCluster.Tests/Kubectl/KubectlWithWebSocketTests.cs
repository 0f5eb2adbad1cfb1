namespace Planton.SampleCluster.Tests.Kubectl;

/// <summary>A kubectl whose exec goes over WebSockets.</summary>
public abstract class KubectlWithWebSocketTests(RunningSample sample, string program) : KubectlTests(sample, program)
{
    [Fact]
    public async Task ExecPassesInputOutputsAndTheExitCode()
    {
        var failing = await TryAsync(["exec", "-n", "shop", "deploy/cart", "--", "sh", "-c", "echo out; echo err >&2; exit 3"]);
        Assert.Equal((3, "out\n"), (failing.ExitCode, failing.Output));
        Assert.StartsWith("err\n", failing.Error, StringComparison.Ordinal);
        var echoed = await TryAsync(["exec", "-i", "-n", "shop", "deploy/cart", "--", "cat"], input: "through\n");
        Assert.Equal((0, "through\n"), (echoed.ExitCode, echoed.Output));
    }
}
