using Planton.Api.Errors;
using Planton.Api.Routing;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Explanations;

/// <summary>Where an operation would go, or why nowhere.</summary>
public sealed class ExplainRouteTests : IDisposable
{
    private const string Route = "/api/v1/organizations/acme/connections/prod/route";
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenThereIsOne_LevelRunnerAndReplicaAreShown()
    {
        await using var server = await StartAsync(Explanation());

        var result = await ExplainAsync();

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            """
            Connection: prod

            LEVEL          RUNNER   WHY
            connection     (none)   the connection names no runner
            organization   one      the organization's default

            Runner: one in organization acme, by organization; connected since 2026-03-04T05:01:07Z

            TUNNEL   REPLICA   STATE   HOST     ADDRESS     VERSION   OPERATIONS   TAKEN
            t1       i1        ready   node-a   192.0.2.7   1.2.3     4
            t2       i2        ready            192.0.2.8             1            yes

            """,
            result.Out);
    }

    [Fact]
    public async Task WhenThereIsNone_TheStepsAreShownAndTheErrorIsTheOperations()
    {
        await using var server = await StartAsync(new RouteExplanation
        {
            Connection = "prod",
            Steps = [new("connection", null, "names none"), new("organization", null, "no default"), new("platform", null, "no default")],
            Code = ErrorCode.NoRunnerAvailable,
            Detail = "no runner is available for connection prod",
            Hint = "planton runner set-default NAME",
        });

        var result = await ExplainAsync();

        Assert.Equal(5, result.ExitCode);
        Assert.Equal("Error: no runner is available for connection prod\nHint: planton runner set-default NAME\n", result.Error);
        Assert.EndsWith("platform       (none)   no default\n", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheRunnerIsNotConnected_ItIsNamedAllTheSame()
    {
        await using var server = await StartAsync(Explanation() with
        {
            RunnerOrganization = null,
            Level = "platform",
            Status = "never-connected",
            StatusSince = null,
            Tunnels = [],
            Code = ErrorCode.RunnerUnreachable,
            Detail = "runner one never connected",
        });

        var result = await ExplainAsync();

        Assert.Equal((5, "Error: runner one never connected\n"), (result.ExitCode, result.Error));
        Assert.EndsWith("\nRunner: one on the platform, by platform; never-connected\n", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenOtherFormatsAreAskedFor_TheyAreTheApis()
    {
        await using var server = await StartAsync(Explanation());

        Assert.Equal("runner/one\n", (await ExplainAsync("-o", "name")).Out);
        Assert.StartsWith("connection: prod\nsteps:\n- level: connection\n", (await ExplainAsync("-o", "yaml")).Out, StringComparison.Ordinal);
        Assert.Contains("\"chosen\": true", (await ExplainAsync("-o", "json")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCode.ConnectionNotFound, 3)]
    [InlineData(ErrorCode.PermissionDenied, 4)]
    public async Task WhenItIsRefused_TheReasonIsSaid(string code, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", Route, code, "no");
        _cli.Using(server);

        var result = await ExplainAsync();

        Assert.Equal((exitCode, "", "Error: no\n"), (result.ExitCode, result.Out, result.Error));
    }

    [Fact]
    public async Task WhenNoConnectionIsNamed_ItIsAUsageError() =>
        Assert.Equal(2, (await _cli.RunAsync("explain", "route")).ExitCode);

    public void Dispose() => _cli.Dispose();

    private static RouteExplanation Explanation() => new()
    {
        Connection = "prod",
        Steps = [new("connection", null, "the connection names no runner"), new("organization", "one", "the organization's default")],
        Level = "organization",
        Runner = "one",
        RunnerOrganization = "acme",
        Status = "connected",
        StatusSince = CliHarness.Now.AddMinutes(-5),
        Tunnels =
        [
            new() { Id = "t1", ReplicaId = "i1", State = "ready", Address = "192.0.2.7", HostName = "node-a", Version = "1.2.3", Operations = 4 },
            new() { Id = "t2", ReplicaId = "i2", State = "ready", Address = "192.0.2.8", Operations = 1, Chosen = true },
        ],
    };

    private async Task<FakeControlPlane> StartAsync(RouteExplanation answer)
    {
        var server = await FakeControlPlane.StartAsync();
        server.On("GET", Route, answer);
        _cli.Using(server);
        return server;
    }

    private Task<CliResult> ExplainAsync(params string[] options) => _cli.RunAsync(["explain", "route", "--connection", "prod", .. options]);
}
