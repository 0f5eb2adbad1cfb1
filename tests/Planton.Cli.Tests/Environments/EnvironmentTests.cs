using Planton.Api;
using Planton.Api.Environments;
using Planton.Api.Errors;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Environments;

public sealed class EnvironmentTests : IDisposable
{
    private const string Collection = "/api/v1/organizations/acme/environments";
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenMade_ItsNameIsSent()
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync("environment", "create", "staging", "-o", "name");

        Assert.Equal((0, "environment/staging\n"), (result.ExitCode, result.Out));
        Assert.Equal("""{"name":"staging"}""", Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task WhenListed_EveryFormatShowsThem()
    {
        await using var server = await StartAsync();

        Assert.Equal("NAME      ORGANIZATION   AGE   ID\nprod      acme           3d    id-prod\nstaging   acme           3d    id-staging\n", (await ListAsync("table")).Out);
        Assert.Equal("environment/prod\nenvironment/staging\n", (await ListAsync("name")).Out);
        Assert.StartsWith("items:\n- id: id-prod\n", (await ListAsync("yaml")).Out, StringComparison.Ordinal);
        Assert.Contains("\"name\": \"staging\"", (await ListAsync("json")).Out, StringComparison.Ordinal);

        Task<CliResult> ListAsync(string format) => _cli.RunAsync("environment", "list", "-o", format);
    }

    [Fact]
    public async Task WhenDeleted_ItIsConfirmedFirst()
    {
        await using var server = await StartAsync();
        server.OnJson("DELETE", $"{Collection}/staging", "", 204);

        Assert.Equal(2, (await _cli.RunAsync("environment", "delete", "staging")).ExitCode);
        Assert.Empty(server.Requests);
        var result = await _cli.RunAsync("environment", "delete", "staging", "--yes");

        Assert.Equal((0, "Deleted environment staging.\n"), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData(ErrorCode.NotFound, 3)]
    [InlineData(ErrorCode.PermissionDenied, 4)]
    [InlineData(ErrorCode.Conflict, 1)]
    public async Task WhenItIsRefused_TheReasonIsSaid(string code, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", Collection, code, "no").OnProblem("POST", Collection, code, "no").OnProblem("DELETE", $"{Collection}/x", code, "no");
        _cli.Using(server);

        foreach (var arguments in (string[][])[["list"], ["create", "x"], ["delete", "x", "-y"]])
        {
            var result = await _cli.RunAsync(["environment", .. arguments]);
            Assert.Equal((exitCode, "", "Error: no\n"), (result.ExitCode, result.Out, result.Error));
        }
    }

    public void Dispose() => _cli.Dispose();

    private static OrganizationEnvironment Of(string name) => new($"id-{name}", name, "acme", CliHarness.Now.AddDays(-3));

    private async Task<FakeControlPlane> StartAsync()
    {
        var server = await FakeControlPlane.StartAsync();
        server.On("POST", Collection, Of("staging")).On("GET", Collection, new ListResponse<OrganizationEnvironment>([Of("prod"), Of("staging")]));
        _cli.Using(server);
        return server;
    }
}
