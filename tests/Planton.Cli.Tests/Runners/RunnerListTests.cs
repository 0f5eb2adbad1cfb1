using Planton.Api;
using Planton.Api.Errors;
using Planton.Api.Runners;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Runners;

/// <summary>S24, S25: runners and their state.</summary>
public sealed class RunnerListTests : IDisposable
{
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenListed_StatusAndReplicasAreShown()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/organizations/acme/runners", new ListResponse<Runner>(
            [Samples.Runner("prod-runner"), Samples.Runner("old", "disconnected"), Samples.Runner("new", "never-connected")]));

        var result = await _cli.Using(server).RunAsync("runner", "list");

        Assert.Equal(
            """
            NAME          ORGANIZATION   STATUS            SINCE   VERSION   ADDRESS     REPLICAS
            prod-runner   acme           connected         5m      1.2.3     192.0.2.7   1
            old           acme           disconnected      5m      1.2.3     192.0.2.7   0
            new           acme           never-connected           1.2.3     192.0.2.7   0

            """,
            result.Out);
        Assert.Equal("", Assert.Single(server.Requests).Query);
    }

    [Fact]
    public async Task WhenAllAreAskedFor_ThePlatformsAreIncluded()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/organizations/acme/runners", new ListResponse<Runner>([Samples.Runner("a"), Samples.Runner("b") with { Organization = null }]));

        var result = await _cli.Using(server).RunAsync("runner", "list", "--all");

        Assert.Equal("?includePlatform=true", Assert.Single(server.Requests).Query);
        Assert.Contains("b      (platform)", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenThePlatformsAreAskedFor_NoOrganizationIsNeeded()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/platform/runners", new ListResponse<Runner>([Samples.Runner("shared")]));
        _cli.Using(server).Variables.Remove("PLANTON_ORG");

        var result = await _cli.RunAsync("runner", "list", "--platform", "-o", "name");

        Assert.Equal((0, "runner/shared\n"), (result.ExitCode, result.Out));
    }

    [Fact]
    public async Task WhenNoOrganizationIsChosen_TheWayToChooseIsSaid()
    {
        await using var server = await FakeControlPlane.StartAsync();
        _cli.Using(server).Variables.Remove("PLANTON_ORG");

        var result = await _cli.RunAsync("runner", "list");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("planton context set --org ORG", result.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task WhenBothAllAndPlatformAreGiven_ItIsAUsageError()
    {
        await using var server = await FakeControlPlane.StartAsync();

        var result = await _cli.Using(server).RunAsync("runner", "list", "--all", "--platform");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("exclude each other", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenOneIsShown_ItsTunnelsAreToo()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/organizations/acme/runners/prod-runner", Samples.Runner("prod-runner"));

        var result = await _cli.Using(server).RunAsync("runner", "get", "prod-runner");

        Assert.Equal(
            """
            NAME          ORGANIZATION   STATUS      SINCE   VERSION   ADDRESS     REPLICAS
            prod-runner   acme           connected   5m      1.2.3     192.0.2.7   1

            Id: id-prod-runner
            Registered: 2026-03-01T05:06:07Z
            Status since: 2026-03-04T05:01:07Z
            Valid credentials: 2

            TUNNEL   STATE   CONNECTED   HOST     ADDRESS     VERSION   OPERATIONS
            t1       ready   5m          node-a   192.0.2.7             4

            """,
            result.Out);
    }

    [Fact]
    public async Task WhenItNeverConnected_ThereAreNoTunnels()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/organizations/acme/runners/new", Samples.Runner("new", "never-connected"));

        var result = await _cli.Using(server).RunAsync("runner", "get", "new");

        Assert.Contains("Status since: never connected\n", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("TUNNEL", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenANameCarriesEscapeSequences_TheTerminalNeverSeesThem()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/organizations/acme/runners", new ListResponse<Runner>([Samples.Runner("x") with { Version = "\u001b[2J\r\nroot" }]));

        var result = await _cli.Using(server).RunAsync("runner", "list");

        Assert.DoesNotContain('\u001b', result.Out);
        Assert.Contains(@"\u001b[2J\u000d\u000aroot", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenRegistered_TheNextStepIsSaid()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("POST", "/api/v1/organizations/acme/runners", Samples.Runner("prod-runner", "never-connected"));

        var result = await _cli.Using(server).RunAsync("runner", "register", "prod-runner", "-o", "name");

        Assert.Equal((0, "runner/prod-runner\n"), (result.ExitCode, result.Out));
        Assert.Contains("planton runner generate-credentials prod-runner", result.Error, StringComparison.Ordinal);
        Assert.Equal("""{"name":"prod-runner"}""", Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task WhenTheNameIsTaken_TheExitCodeIs1()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("POST", "/api/v1/organizations/acme/runners", ErrorCode.AlreadyExists, "runner prod-runner exists");

        var result = await _cli.Using(server).RunAsync("runner", "register", "prod-runner");

        Assert.Equal((1, "Error: runner prod-runner exists\n"), (result.ExitCode, result.Error));
    }

    public void Dispose() => _cli.Dispose();
}
