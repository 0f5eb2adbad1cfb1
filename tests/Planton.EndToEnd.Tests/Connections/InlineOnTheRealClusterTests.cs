using Planton.EndToEnd.Tests.Clusters;
using Planton.EndToEnd.Tests.Kubectl;
using Planton.EndToEnd.Tests.Life;

namespace Planton.EndToEnd.Tests.Connections;

/// <summary>The real kubectl over a connection that brings its own client certificate.</summary>
public sealed class InlineOnTheRealClusterTests(RealClusterFixture fixture) : RealClusterTest(fixture)
{
    public static TheoryData<string> Versions => KubectlVersions.All;

    [Theory]
    [Trait(RequirementTests.Trait, "R5")]
    [MemberData(nameof(Versions))]
    public async Task Lists_Streams_AndUpgradesGoThrough(string kubectl)
    {
        var (installation, name) = (Cluster.Installation, $"inline-{Guid.NewGuid():N}");
        await installation.SucceedAsync(
            "connection", "create", "kubernetes", name, "--runner", RealCluster.RunnerName, "--auth-mode", "inline", "--kubeconfig", ClusterTools.Kubeconfig);
        var file = installation.PathOf($"{name}.yaml");
        await installation.SucceedAsync("kubeconfig", name, "--file", file);
        var client = new ClusterClient(ClusterTools.Program(kubectl), file, installation.Home);
        var input = new string('x', 1_000_000);

        var pods = await client.SucceedAsync("-n", Cluster.Namespace, "get", "pods", "-o", "name");
        var exec = await client.RunAsync(input, ["-n", Cluster.Namespace, "exec", "-i", "worker", "--", "sh", "-c", "cat; exit 7"]);
        var test = await installation.SucceedAsync("connection", "test", name);

        Assert.Equal(await Cluster.Direct.SucceedAsync("-n", Cluster.Namespace, "get", "pods", "-o", "name"), pods);
        Assert.Equal(7, exec.ExitCode);
        Assert.True(exec.Output == input, $"{input.Length} characters went in and {exec.Output.Length} came back");
        Assert.Contains("with the connection's credentials", test, StringComparison.Ordinal);
        await installation.SucceedAsync("connection", "delete", name, "--yes");
    }
}
