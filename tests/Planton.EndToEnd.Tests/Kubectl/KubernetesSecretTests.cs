using System.Text.Json;
using Planton.Api;
using Planton.EndToEnd.Tests.Clusters;
using Planton.EndToEnd.Tests.Life;

namespace Planton.EndToEnd.Tests.Kubectl;

/// <summary>Credentials as a manifest, given to the real kubectl.</summary>
public sealed class KubernetesSecretTests(RealClusterFixture fixture) : RealClusterTest(fixture)
{
    [Fact]
    [Trait(RequirementTests.Trait, "S3")]
    public async Task GenerateAsAKubernetesSecret_IsAppliedByKubectlUnchanged()
    {
        var manifest = await Cluster.Installation.SucceedAsync("runner", "generate-credentials", "in-a-secret", "--output-format", "k8s-secret");

        var applied = await Cluster.Direct.RunAsync(manifest, ["-n", Cluster.Scratch, "apply", "-f", "-", "-o", "name"]);

        Assert.True(applied.ExitCode == 0, applied.ToString());
        var content = await Cluster.Direct.SucceedAsync("-n", Cluster.Scratch, "get", applied.Output.Trim(), "-o", "jsonpath={.data.credentials\\.json}");
        var document = JsonSerializer.Deserialize(Convert.FromBase64String(content), PlantonJson.Default.RunnerCredentials)!;
        Assert.Empty(document.Validate());
        Assert.Equal("in-a-secret", document.Metadata!.Runner);
    }
}
