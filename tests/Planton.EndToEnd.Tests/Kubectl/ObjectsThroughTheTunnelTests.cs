using System.Diagnostics;
using Planton.EndToEnd.Tests.Clusters;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Kubectl;

/// <summary>The real kubectl with the kubeconfig of <c>planton kubeconfig</c>: objects.</summary>
[Trait("Category", "Slow")]
public sealed class ObjectsThroughTheTunnelTests(RealClusterFixture fixture, ITestOutputHelper output) : RealClusterTest(fixture)
{
    private static readonly TimeSpan ChangeAppearsWithin = TimeSpan.FromSeconds(2);

    public static TheoryData<string> Versions => KubectlVersions.All;

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Get_PrintsWhatItPrintsDirectly(string kubectl)
    {
        foreach (var arguments in (string[][])[["pods"], ["pods", "-o", "wide"], ["cm", "odd", "-o", "yaml"], ["all,gadgets"]])
            await SameAsDirectAsync(kubectl, ["-n", Cluster.Namespace, "get", .. arguments]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Describe_PrintsWhatItPrintsDirectly(string kubectl) =>
        await SameAsDirectAsync(kubectl, ["-n", Cluster.Namespace, "describe", "pod/worker", "deploy/web"]);

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task WhenAnObjectChanges_AWatchShowsItWithinTwoSeconds(string kubectl)
    {
        var name = NameFor(kubectl, "watched");
        await using var watch = Cluster.Tunnelled(kubectl).Start("-n", Cluster.Scratch, "get", "configmaps", "--watch", "-o", "name");
        await watch.WaitForLineAsync(line => line == "configmap/kube-root-ca.crt", "what is there at first", cancellationToken: Token);

        await Cluster.Direct.SucceedAsync("-n", Cluster.Scratch, "create", "configmap", name);
        var started = Stopwatch.GetTimestamp();
        await watch.WaitForLineAsync(line => line == $"configmap/{name}", "the new object", cancellationToken: Token);
        var took = Stopwatch.GetElapsedTime(started);

        output.WriteLine($"{kubectl}: the change was seen {took.TotalMilliseconds:0} ms after the cluster had taken it");
        Assert.True(took < ChangeAppearsWithin, $"{took}");
        await Cluster.Direct.SucceedAsync("-n", Cluster.Scratch, "delete", "configmap", name);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task WhatIsAppliedAndDeleted_IsSoInTheCluster(string kubectl)
    {
        var name = NameFor(kubectl, "applied");
        var client = Cluster.Tunnelled(kubectl);
        string[] inNamespace = ["-n", Cluster.Scratch];

        Assert.Contains("created", (await client.RunAsync(Manifest(name, "one"), [.. inNamespace, "apply", "-f", "-"])).Output, StringComparison.Ordinal);
        Assert.Contains("configured", (await client.RunAsync(Manifest(name, "two"), [.. inNamespace, "apply", "-f", "-"])).Output, StringComparison.Ordinal);
        Assert.Equal("two", await Cluster.Direct.SucceedAsync([.. inNamespace, "get", "configmap", name, "-o", "jsonpath={.data.value}"]));

        await client.SucceedAsync([.. inNamespace, "delete", "configmap", name]);
        var gone = await Cluster.Direct.RunAsync([.. inNamespace, "get", "configmap", name]);
        Assert.Contains("(NotFound)", gone.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task WhatTheClusterRefuses_IsRefusedInItsOwnWords(string kubectl)
    {
        const string Invalid = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"No_Such_Name"}}""";
        string[] create = ["-n", Cluster.Scratch, "create", "-f", "-"];

        var tunnelled = await Cluster.Tunnelled(kubectl).RunAsync(Invalid, create);
        var direct = await Client(kubectl).RunAsync(Invalid, create);

        Assert.Equal(1, tunnelled.ExitCode);
        Assert.Contains("is invalid", tunnelled.Error, StringComparison.Ordinal);
        Assert.Equal(direct.Error, tunnelled.Error);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Top_ShowsWhatNodesAndPodsUse(string kubectl)
    {
        var client = Cluster.Tunnelled(kubectl);
        ProgramResult pods = null!;
        await Eventually.BecomesTrueAsync(
            async () => (pods = await client.RunAsync("-n", Cluster.Namespace, "top", "pods")).ExitCode == 0,
            "the cluster has figures of its pods",
            TimeSpan.FromSeconds(60),
            Token);

        Assert.Contains("worker", pods.Output, StringComparison.Ordinal);
        Assert.Contains("CPU(cores)", await client.SucceedAsync("top", "nodes"), StringComparison.Ordinal);
    }

    private static string NameFor(string kubectl, string use) => $"{use}-{kubectl.Replace('.', '-')}";

    private static string Manifest(string name, string value) =>
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name + "\"},\"data\":{\"value\":\"" + value + "\"}}";

    private ClusterClient Client(string kubectl) => new(ClusterTools.Program(kubectl), ClusterTools.Kubeconfig, Cluster.Installation.Home);

    private async Task SameAsDirectAsync(string kubectl, string[] arguments)
    {
        var isTable = !arguments.Contains("yaml");
        var (direct, tunnelled) = await Comparison.SamePrintedAsync(
            () => Client(kubectl).RunAsync(arguments), () => Cluster.Tunnelled(kubectl).RunAsync(arguments), isTable ? Ages.Mask : text => text);

        Assert.True(direct.ExitCode == 0, direct.ToString());
        Assert.True(tunnelled.ExitCode == 0, tunnelled.ToString());
    }
}
