using Planton.Api;
using Planton.Api.Errors;
using Planton.Api.ServiceAccounts;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.ServiceAccounts;

public sealed class ServiceAccountTests : IDisposable
{
    private const string Collection = "/api/v1/organizations/acme/service-accounts";
    private readonly CliHarness _cli = new();

    [Theory]
    [InlineData("""{"name":"ci"}""")]
    [InlineData("""{"name":"ci","role":"member"}""", "--role", "member")]
    public async Task WhenMade_NameAndRoleAreSentAndTheNextStepSaid(string body, params string[] options)
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync(["service-account", "create", "ci", "-o", "name", .. options]);

        Assert.Equal((0, "service-account/ci\n"), (result.ExitCode, result.Out));
        Assert.Equal("Made service account ci (member). Next: planton service-account key create ci\n", result.Error);
        Assert.Equal(body, Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task WhenTheRoleIsUnknown_NothingIsMade()
    {
        await using var server = await StartAsync();

        Assert.Equal(2, (await _cli.RunAsync("service-account", "create", "ci", "--role", "king")).ExitCode);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task WhenListed_RunnersOwnAreToldApart()
    {
        await using var server = await StartAsync();

        Assert.Equal(
            """
            NAME          ROLE     RUNNER   VALID KEYS   AGE
            ci            member            2            3d
            runner-prod   viewer   prod     1            3d

            """,
            (await _cli.RunAsync("service-account", "list")).Out);
        Assert.Equal("service-account/ci\nservice-account/runner-prod\n", (await _cli.RunAsync("service-account", "list", "-o", "name")).Out);
        Assert.StartsWith("items:\n- id: id-ci\n  name: ci\n", (await _cli.RunAsync("service-account", "list", "-o", "yaml")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenOneIsShown_ItIsTheApisObject()
    {
        await using var server = await StartAsync();

        Assert.StartsWith("{\n  \"id\": \"id-ci\",\n", (await _cli.RunAsync("service-account", "get", "ci", "-o", "json")).Out, StringComparison.Ordinal);
        Assert.StartsWith("NAME   ROLE", (await _cli.RunAsync("service-account", "get", "ci")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenDeleted_TheServerIsAskedOnce()
    {
        await using var server = await StartAsync();
        server.OnJson("DELETE", $"{Collection}/ci", "", 204);

        var result = await _cli.RunAsync("service-account", "delete", "ci", "--yes");

        Assert.Equal((0, "Deleted service account ci.\n"), (result.ExitCode, result.Error));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task WhenNobodyCanConfirm_NothingIsDeleted()
    {
        await using var server = await StartAsync();

        Assert.Equal(2, (await _cli.RunAsync("service-account", "delete", "ci")).ExitCode);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(ErrorCode.NotFound, 3)]
    [InlineData(ErrorCode.PermissionDenied, 4)]
    public async Task WhenItIsRefused_TheReasonIsSaid(string code, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", Collection, code, "no").OnProblem("POST", Collection, code, "no")
            .OnProblem("GET", $"{Collection}/x", code, "no").OnProblem("DELETE", $"{Collection}/x", code, "no");
        _cli.Using(server);

        foreach (var arguments in (string[][])[["list"], ["create", "x"], ["get", "x"], ["delete", "x", "-y"]])
        {
            var result = await _cli.RunAsync(["service-account", .. arguments]);
            Assert.Equal((exitCode, "", "Error: no\n"), (result.ExitCode, result.Out, result.Error));
        }
    }

    public void Dispose() => _cli.Dispose();

    private static ServiceAccount Account(string name) => new()
    {
        Id = $"id-{name}",
        Name = name,
        Role = "member",
        CreatedAt = CliHarness.Now.AddDays(-3),
        ValidKeys = 2,
    };

    private async Task<FakeControlPlane> StartAsync()
    {
        var server = await FakeControlPlane.StartAsync();
        server.On("POST", Collection, Account("ci")).On("GET", $"{Collection}/ci", Account("ci"));
        server.On("GET", Collection, new ListResponse<ServiceAccount>([Account("ci"), Account("runner-prod") with { Role = "viewer", Runner = "prod", ValidKeys = 1 }]));
        _cli.Using(server);
        return server;
    }
}
