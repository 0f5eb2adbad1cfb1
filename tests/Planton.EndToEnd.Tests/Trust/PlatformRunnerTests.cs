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
        await using var runner = await StartAsync("everyones");
        Assert.Contains(runner.Process.ErrorLines, line => line.Contains("runner 'everyones' of the platform", StringComparison.Ordinal));
        await _installation.ConnectAsync("prod", runner: null);

        // It is connected, but no default: nothing of an organization reaches it.
        var before = await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "prod");
        Assert.Equal(5, before.ExitCode);
        Assert.Contains("planton runner set-default", before.Error, StringComparison.Ordinal);
        await _installation.SucceedAsync("runner", "set-default", "everyones", "--platform");

        // It is the default, and not granted.
        var ungranted = await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "prod");
        Assert.Equal(5, ungranted.ExitCode);
        Assert.Contains("planton runner grant everyones --to-org default", ungranted.Error, StringComparison.Ordinal);
        Assert.Equal(5, (await _installation.PlantonAsync("explain", "route", "--connection", "prod")).ExitCode);
        Assert.Equal(5, (await _installation.PlantonAsync("connection", "test", "prod")).ExitCode);
        var grant = (await _installation.SucceedAsync("runner", "grant", "everyones", "--to-org", "default", "-o", "name")).Trim();

        Assert.Contains("hello-", await _installation.SucceedAsync("kubectl", "get", "pods", "--connection", "prod"), StringComparison.Ordinal);
        var route = JsonSerializer.Deserialize(
            await _installation.SucceedAsync("explain", "route", "--connection", "prod", "-o", "json"), PlantonJson.Default.RouteExplanation)!;
        Assert.Equal((RouteLevelName.Platform, "everyones", null, null), (route.Level, route.Runner, route.RunnerOrganization, route.Code));
        Assert.True(Assert.Single(route.Tunnels).Chosen);
        Assert.Contains("platform", await _installation.SucceedAsync("explain", "route", "--connection", "prod"), StringComparison.Ordinal);

        // An organization that was made later is granted on its own.
        await _installation.SucceedAsync("org", "create", "newcomers");
        await _installation.ConnectAsync("theirs", runner: null, "newcomers");
        Assert.Equal(5, (await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "theirs", "--org", "newcomers")).ExitCode);
        await _installation.SucceedAsync("runner", "grant", "everyones", "--to-org", "newcomers");
        Assert.Contains("hello-", await _installation.SucceedAsync("kubectl", "get", "pods", "--connection", "theirs", "--org", "newcomers"), StringComparison.Ordinal);

        Assert.Contains(grant, await _installation.SucceedAsync("runner", "grants", "everyones", "-o", "name"), StringComparison.Ordinal);
        await _installation.SucceedAsync("runner", "revoke-grant", "everyones", grant, "--yes");
        Assert.Contains("is not granted", (await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "prod")).Error, StringComparison.Ordinal);
        Assert.Contains("hello-", await _installation.SucceedAsync("kubectl", "get", "pods", "--connection", "theirs", "--org", "newcomers"), StringComparison.Ordinal);

        await _installation.SucceedAsync("runner", "unset-default", "--platform");
        Assert.Equal(5, (await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "prod")).ExitCode);
        Assert.Null((await _installation.Api.GetDefaultRunnerAsync(org: null, Token)).Effective);
    }

    [Fact]
    [Trait(RequirementTests.Trait, "S21")]
    public async Task AConnectionWithCredentialsOfItsOwn_ReachesTheGrantedAddressesAlone()
    {
        await using var runner = await StartAsync("ranged");
        await _installation.SucceedAsync("runner", "set-default", "ranged", "--platform");
        await _installation.SucceedAsync("connection", "create", "kubernetes", "own", "--auth-mode", "inline", "--kubeconfig", fixture.Kubeconfig);
        await _installation.SucceedAsync("runner", "grant", "ranged", "--to-org", "default");
        Assert.Equal(5, (await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "own")).ExitCode);

        await _installation.SucceedAsync("runner", "grant", "ranged", "--to-org", "default", "--mode", "inline", "--allow-cidr", "10.20.0.0/16");
        var elsewhere = await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "own");
        await _installation.SucceedAsync("runner", "grant", "ranged", "--to-org", "default", "--mode", "inline", "--allow-cidr", "127.0.0.0/8");

        Assert.Equal(4, elsewhere.ExitCode);
        Assert.Contains("is in no address range that this runner is granted for", elsewhere.Error, StringComparison.Ordinal);
        Assert.Contains("hello-", await _installation.SucceedAsync("kubectl", "get", "pods", "--connection", "own"), StringComparison.Ordinal);
        await _installation.SucceedAsync("runner", "unset-default", "--platform");
    }

    private async Task<RunnerProgram> StartAsync(string name)
    {
        var folder = _installation.PathOf(name);
        await _installation.SucceedAsync("runner", "generate-credentials", name, "--platform", "--output-dir", folder);
        var file = Path.Combine(folder, "credentials.json");
        Assert.Null(CredentialsFile.Read(file).Metadata!.Organization);
        var runner = RunnerProgram.Launch(_installation.Home, file, "--kubeconfig", fixture.Kubeconfig);
        await runner.ReadyAsync();
        return runner;
    }
}
