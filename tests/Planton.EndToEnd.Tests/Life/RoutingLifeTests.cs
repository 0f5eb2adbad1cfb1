using System.Text.Json;
using System.Text.Json.Nodes;
using Planton.Api;
using Planton.EndToEnd.Tests.Installations;

namespace Planton.EndToEnd.Tests.Life;

/// <summary>Default runners and the way of an operation to its runner, by the commands that show and change it.</summary>
public sealed class RoutingLifeTests(SampleInstallationFixture fixture) : IClassFixture<SampleInstallationFixture>
{
    private readonly PlantonInstallation _installation = fixture.Installation;

    [Fact]
    [Trait(RequirementTests.Trait, "S19")]
    [Trait(RequirementTests.Trait, "S20")]
    [Trait(RequirementTests.Trait, "S21")]
    [Trait(RequirementTests.Trait, "S22")]
    public async Task TheNearestDefaultWins_AndTheFurtherOneTakesOverWhenItIsUnset()
    {
        await _installation.ConnectAsync("free", runner: null);
        Assert.Equal((null, 5), (await EffectiveAsync(), (await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "free")).ExitCode));
        await _installation.SucceedAsync("runner", "register", "own");
        await _installation.SucceedAsync("runner", "register", "shared", "--platform");

        await _installation.SucceedAsync("runner", "set-default", "shared", "--platform");
        Assert.Equal(("shared", "platform"), await EffectiveAsync());
        await _installation.SucceedAsync("runner", "set-default", "own");
        Assert.Equal(("own", "organization"), await EffectiveAsync());
        Assert.Contains("own", await _installation.SucceedAsync("runner", "get-default"), StringComparison.Ordinal);
        var refused = await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "free");
        Assert.Equal(5, refused.ExitCode);
        Assert.Contains("\"own\"", refused.Error, StringComparison.Ordinal);

        await _installation.SucceedAsync("runner", "register", "named");
        await _installation.ConnectAsync("bound", "named");
        Assert.Contains("\"named\"", (await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "bound")).Error, StringComparison.Ordinal);

        await _installation.SucceedAsync("runner", "unset-default");
        Assert.Equal(("shared", "platform"), await EffectiveAsync());
        await _installation.SucceedAsync("runner", "unset-default", "--platform");
        Assert.Null(await EffectiveAsync());
        // The lists of another test hold every runner of the platform.
        await _installation.SucceedAsync("runner", "delete", "shared", "--platform", "--yes");
    }

    [Fact]
    [Trait(RequirementTests.Trait, "S21")]
    [Trait(RequirementTests.Trait, "S23")]
    public async Task ExplainRoute_SaysWhichRunnerAndReplica_OrWhyNone()
    {
        await _installation.ConnectAsync("explained", runner: null);
        var none = await _installation.PlantonAsync("explain", "route", "--connection", "explained");
        Assert.Contains("planton runner set-default", none.Output + none.Error, StringComparison.Ordinal);

        await _installation.StartRunnerAsync("one", fixture.Sample.Kubeconfig);
        await _installation.SucceedAsync("runner", "set-default", "one");

        var explained = await _installation.SucceedAsync("explain", "route", "--connection", "explained");
        Assert.Contains("one", explained, StringComparison.Ordinal);
        Assert.Contains("organization", explained, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", explained, StringComparison.Ordinal);
        Assert.Contains("hello-", await _installation.SucceedAsync("kubectl", "get", "pods", "--connection", "explained"), StringComparison.Ordinal);
        await _installation.SucceedAsync("runner", "unset-default");
    }

    [Fact]
    [Trait(RequirementTests.Trait, "S24")]
    [Trait(RequirementTests.Trait, "S25")]
    public async Task Lists_HoldTheOrganizationsRunners_ThePlatforms_OrBoth()
    {
        var organization = await _installation.NewOrganizationAsync();
        await _installation.SucceedAsync("runner", "register", "mine", "--org", organization);
        await _installation.SucceedAsync("runner", "register", "everyones", "--platform");

        Assert.Equal(["runner/mine"], await NamesAsync("--org", organization));
        Assert.Equal(["runner/everyones"], await NamesAsync("--platform"));
        Assert.Equal(["runner/everyones", "runner/mine"], (await NamesAsync("--all", "--org", organization)).Order(StringComparer.Ordinal));
        Assert.Contains("never-connected", await _installation.SucceedAsync("runner", "get", "mine", "--org", organization), StringComparison.Ordinal);
        var json = await _installation.SucceedAsync("runner", "get", "mine", "--org", organization, "-o", "json");
        Assert.Equal("mine", JsonNode.Parse(json)!["name"]!.GetValue<string>());
        Assert.Equal(3, (await _installation.PlantonAsync("runner", "get", "everyones", "--org", organization)).ExitCode);
        await _installation.SucceedAsync("runner", "get", "everyones", "--platform");
    }

    private async Task<string[]> NamesAsync(params string[] flags) =>
        (await _installation.SucceedAsync(["runner", "list", "-o", "name", .. flags])).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<(string Runner, string Level)?> EffectiveAsync()
    {
        var result = await _installation.PlantonAsync("runner", "get-default", "-o", "json");
        Assert.True(result.ExitCode == 0, result.ToString());
        return JsonSerializer.Deserialize(result.Output, PlantonJson.Default.DefaultRunner)!.Effective is { } effective ? (effective.Runner, effective.Level) : null;
    }
}
