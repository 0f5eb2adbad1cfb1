using System.Text.Json;
using Planton.Api;
using Planton.Api.Routing;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Life;
using Planton.EndToEnd.Tests.Refusals;

namespace Planton.EndToEnd.Tests.Trust;

/// <summary>A runner of the platform at work for an organization that has none of its own.</summary>
[Collection(nameof(OnOneInstallation))]
public sealed class PlatformRunnerTests(SampleInstallation fixture)
{
    private readonly PlantonInstallation _installation = fixture.Installation;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait(RequirementTests.Trait, "S20")]
    [Trait(RequirementTests.Trait, "S21")]
    public async Task AnOperationOfAnOrganizationWithoutRunners_GoesThroughThePlatformsDefault()
    {
        var folder = _installation.PathOf("everyones");
        await _installation.SucceedAsync("runner", "generate-credentials", "everyones", "--platform", "--output-dir", folder);
        var file = Path.Combine(folder, "credentials.json");
        Assert.Null(CredentialsFile.Read(file).Metadata!.Organization);
        await using var runner = RunnerProgram.Launch(_installation.Home, file, "--kubeconfig", fixture.Kubeconfig);
        await runner.ReadyAsync();
        Assert.Contains(runner.Process.ErrorLines, line => line.Contains("runner 'everyones' of the platform", StringComparison.Ordinal));
        await _installation.ConnectAsync("prod", runner: null);

        // It is connected, but no default: nothing of an organization reaches it.
        var before = await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "prod");
        Assert.Equal(5, before.ExitCode);
        Assert.Contains("planton runner set-default", before.Error, StringComparison.Ordinal);
        await _installation.SucceedAsync("runner", "set-default", "everyones", "--platform");

        Assert.Contains("hello-", await _installation.SucceedAsync("kubectl", "get", "pods", "--connection", "prod"), StringComparison.Ordinal);
        var route = JsonSerializer.Deserialize(
            await _installation.SucceedAsync("explain", "route", "--connection", "prod", "-o", "json"), PlantonJson.Default.RouteExplanation)!;
        Assert.Equal((RouteLevelName.Platform, "everyones", null, null), (route.Level, route.Runner, route.RunnerOrganization, route.Code));
        Assert.True(Assert.Single(route.Tunnels).Chosen);
        Assert.Contains("platform", await _installation.SucceedAsync("explain", "route", "--connection", "prod"), StringComparison.Ordinal);

        // The same for an organization that was made later.
        await _installation.SucceedAsync("org", "create", "newcomers");
        await _installation.ConnectAsync("theirs", runner: null, "newcomers");
        Assert.Contains("hello-", await _installation.SucceedAsync("kubectl", "get", "pods", "--connection", "theirs", "--org", "newcomers"), StringComparison.Ordinal);

        await _installation.SucceedAsync("runner", "unset-default", "--platform");
        Assert.Equal(5, (await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "prod")).ExitCode);
        Assert.Null((await _installation.Api.GetDefaultRunnerAsync(org: null, Token)).Effective);
    }
}
