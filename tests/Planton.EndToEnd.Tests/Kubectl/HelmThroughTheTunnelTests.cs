using Planton.EndToEnd.Tests.Clusters;

namespace Planton.EndToEnd.Tests.Kubectl;

/// <summary>helm with the kubeconfig of <c>planton kubeconfig</c>.</summary>
public sealed class HelmThroughTheTunnelTests(RealClusterFixture fixture) : RealClusterTest(fixture)
{
    private const string Deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: "{{ .Release.Name }}" }
        spec:
          replicas: 1
          selector: { matchLabels: { app: "{{ .Release.Name }}" } }
          template:
            metadata: { labels: { app: "{{ .Release.Name }}" } }
            spec:
              terminationGracePeriodSeconds: 0
              containers: [{ name: web, image: "web:1" }]
        """;

    private const string ConfigMap = """
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: "{{ .Release.Name }}" }
        data: { colour: "{{ .Values.colour }}" }
        """;

    [Theory]
    [InlineData("helm3")]
    [InlineData("helm4")]
    public async Task AChartIsInstalledListedAndUninstalled(string program)
    {
        var chart = await WriteChartAsync(program);
        var release = $"by-{program}";
        var helm = Cluster.Tunnelled(program);

        await helm.SucceedAsync("install", release, chart, "-n", Cluster.Scratch, "--set", "colour=green", "--wait", "--timeout", "60s");
        var list = await helm.SucceedAsync("list", "-n", Cluster.Scratch);
        Assert.Contains(release, list, StringComparison.Ordinal);
        Assert.Contains("deployed", list, StringComparison.Ordinal);
        Assert.Equal("green", await Cluster.Direct.SucceedAsync("-n", Cluster.Scratch, "get", "configmap", release, "-o", "jsonpath={.data.colour}"));
        Assert.Equal("1", await Cluster.Direct.SucceedAsync("-n", Cluster.Scratch, "get", "deploy", release, "-o", "jsonpath={.status.readyReplicas}"));

        await helm.SucceedAsync("uninstall", release, "-n", Cluster.Scratch);
        var gone = await Cluster.Direct.RunAsync("-n", Cluster.Scratch, "get", "configmap", release);
        Assert.Contains("(NotFound)", gone.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(release, await helm.SucceedAsync("list", "-n", Cluster.Scratch), StringComparison.Ordinal);
    }

    private async Task<string> WriteChartAsync(string program)
    {
        var chart = Cluster.Installation.PathOf(Path.Combine("charts", program));
        Directory.CreateDirectory(Path.Combine(chart, "templates"));
        await File.WriteAllTextAsync(Path.Combine(chart, "Chart.yaml"), "apiVersion: v2\nname: small\nversion: 1.0.0\n", Token);
        await File.WriteAllTextAsync(Path.Combine(chart, "values.yaml"), "colour: red\n", Token);
        await File.WriteAllTextAsync(Path.Combine(chart, "templates", "deployment.yaml"), Deployment, Token);
        await File.WriteAllTextAsync(Path.Combine(chart, "templates", "configmap.yaml"), ConfigMap, Token);
        return chart;
    }
}
