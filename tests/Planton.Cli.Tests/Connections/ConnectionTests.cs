using Planton.Api;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Connections;

public sealed class ConnectionTests : IDisposable
{
    private const string Collection = "/api/v1/organizations/acme/connections";
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenMade_TheWholeRequestIsSent()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("POST", Collection, Samples.Connection("prod"));

        var result = await _cli.Using(server).RunAsync(
            "connection", "create", "kubernetes", "prod", "--runner", "prod-runner", "--auth-mode", "runner", "--kube-context", "kind-prod");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            """{"name":"prod","kind":"kubernetes","authMode":"runner","runner":"prod-runner","kubernetes":{"context":"kind-prod"}}""",
            Assert.Single(server.Requests).Body);
        Assert.Contains("planton connection test prod", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenFieldsAreWrong_EveryFaultIsShown()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnJson("POST", Collection, """{"status":400,"code":"invalid_argument","detail":"the connection is not valid","errors":{"name":["is too long"],"runner":["does not exist"]}}""", 400);

        var result = await _cli.Using(server).RunAsync("connection", "create", "kubernetes", "x");

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("Error: the connection is not valid\n  name: is too long\n  runner: does not exist\n", result.Error);
    }

    [Fact]
    public async Task WhenListed_RunnerAndTargetAreShown()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", Collection, new ListResponse<Connection>([Samples.Connection("prod"), Samples.Connection("any") with { Runner = null, Kubernetes = null, Environments = ["prod", "qa"], IsDefault = true, DefaultOf = ["prod"] }]));

        var result = await _cli.Using(server).RunAsync("connection", "list");

        Assert.Equal(
            """
            NAME   KIND         AUTH MODE   RUNNER        TARGET      ENVIRONMENTS   DEFAULT OF            AGE
            prod   kubernetes   runner      prod-runner   kind-prod   (all)                                30h
            any    kubernetes   runner      (default)                 prod,qa        (organization),prod   30h

            """,
            result.Out);
    }

    [Fact]
    public async Task WhenOneIsShownAsYaml_ItIsTheApisObject()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", $"{Collection}/prod", Samples.Connection("prod"));

        var result = await _cli.Using(server).RunAsync("connection", "get", "prod", "-o", "yaml");

        Assert.StartsWith("id: id-prod\nname: prod\norganization: acme\nkind: kubernetes\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("kubernetes:\n  context: kind-prod\n", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenDeleted_TheServerIsAskedOnce()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnJson("DELETE", $"{Collection}/prod", "", 204);

        var result = await _cli.Using(server).RunAsync("connection", "delete", "prod", "-y");

        Assert.Equal((0, "Deleted connection prod.\n"), (result.ExitCode, result.Error));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task WhenATestPasses_EveryStageIsShown()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("POST", $"{Collection}/prod/test", new ConnectionTest(true,
            [new("control-plane", true, 0.04, "runner prod-runner", null), new("tunnel", true, 1.25, "node-a", null), new("target", true, 12, "v1.35.2", null)]));

        var result = await _cli.Using(server).RunAsync("connection", "test", "prod");

        Assert.Equal(
            """
            STAGE           RESULT   MS     DETAIL
            control-plane   ok       0.0    runner prod-runner
            tunnel          ok       1.3    node-a
            target          ok       12.0   v1.35.2

            """,
            result.Out);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData(ErrorCode.RunnerUnreachable, 5)]
    [InlineData(ErrorCode.TargetUnreachable, 1)]
    [InlineData(ErrorCode.RefusedByRunner, 4)]
    [InlineData(null, 1)]
    public async Task WhenATestFails_TheStageDecidesTheExitCode(string? code, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("POST", $"{Collection}/prod/test", new ConnectionTest(false,
            [new("control-plane", true, 0.1, "ok", null), new("tunnel", false, 3, "cut", code)]));

        var result = await _cli.Using(server).RunAsync("connection", "test", "prod");

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains("tunnel          failed   3.0   cut\n", result.Out, StringComparison.Ordinal);
        Assert.Equal("Error: connection prod failed at stage tunnel: cut\n", result.Error);
    }

    public void Dispose() => _cli.Dispose();
}
