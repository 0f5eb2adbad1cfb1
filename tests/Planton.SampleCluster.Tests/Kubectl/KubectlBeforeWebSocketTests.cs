namespace Planton.SampleCluster.Tests.Kubectl;

/// <summary>A kubectl from before exec went over WebSockets.</summary>
public sealed class KubectlBeforeWebSocketTests(RunningSample sample) : KubectlTests(sample, "kubectl")
{
    [Fact]
    public async Task BeforeWebSockets_ExecSaysWhatIsNeeded()
    {
        var result = await TryAsync(["exec", "-n", "shop", "deploy/cart", "--", "true"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("over WebSocket only", result.Error, StringComparison.Ordinal);
    }
}
