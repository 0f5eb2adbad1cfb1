using Planton.Api;
using Planton.Api.Errors;
using Planton.Api.Members;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Members;

public sealed class MemberTests : IDisposable
{
    private const string Collection = "/api/v1/organizations/acme/members";
    private const string Own = "/api/v1/me/organizations/acme";
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenListed_RolesAreShown()
    {
        await using var server = await StartAsync();

        Assert.Equal("USER   ROLE     USER ID\nada    owner    u1\nbo     viewer   u2\n", (await _cli.RunAsync("member", "list")).Out);
        Assert.Equal("member/ada\nmember/bo\n", (await _cli.RunAsync("member", "list", "-o", "name")).Out);
        Assert.StartsWith("items:\n- userId: u1\n", (await _cli.RunAsync("member", "list", "-o", "yaml")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenSet_TheRoleIsSent()
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync("member", "set", "bo", "--role", "admin", "-o", "json");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("\"role\": \"admin\"", result.Out, StringComparison.Ordinal);
        Assert.Equal("""{"role":"admin"}""", Assert.Single(server.Requests).Body);
    }

    [Theory]
    [InlineData]
    [InlineData("--role", "king")]
    public async Task WhenTheRoleIsMissingOrUnknown_NothingIsSet(params string[] options)
    {
        await using var server = await StartAsync();

        Assert.Equal(2, (await _cli.RunAsync(["member", "set", "bo", .. options])).ExitCode);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task WhenRemoved_ItIsConfirmedFirst()
    {
        await using var server = await StartAsync();
        server.OnJson("DELETE", $"{Collection}/bo", "", 204);

        Assert.Equal(2, (await _cli.RunAsync("member", "remove", "bo")).ExitCode);
        Assert.Empty(server.Requests);
        var result = await _cli.RunAsync("member", "remove", "bo", "--yes");

        Assert.Equal((0, "Removed bo from organization acme.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task WhenLeft_ItIsConfirmedFirst()
    {
        await using var server = await StartAsync();
        server.OnJson("DELETE", Own, "", 204);

        Assert.Equal(2, (await _cli.RunAsync("member", "leave")).ExitCode);
        Assert.Empty(server.Requests);
        var result = await _cli.RunAsync("member", "leave", "--yes");

        Assert.Equal((0, "Left organization acme.\n"), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData(ErrorCode.NotFound, 3)]
    [InlineData(ErrorCode.PermissionDenied, 4)]
    [InlineData(ErrorCode.Conflict, 1)]
    public async Task WhenItIsRefused_TheReasonIsSaid(string code, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", Collection, code, "no").OnProblem("PUT", $"{Collection}/x", code, "no").OnProblem("DELETE", $"{Collection}/x", code, "no").OnProblem("DELETE", Own, code, "no");
        _cli.Using(server);

        foreach (var arguments in (string[][])[["list"], ["set", "x", "--role", "viewer"], ["remove", "x", "-y"], ["leave", "-y"]])
        {
            var result = await _cli.RunAsync(["member", .. arguments]);
            Assert.Equal((exitCode, "", "Error: no\n"), (result.ExitCode, result.Out, result.Error));
        }
    }

    public void Dispose() => _cli.Dispose();

    private async Task<FakeControlPlane> StartAsync()
    {
        var server = await FakeControlPlane.StartAsync();
        server.On("GET", Collection, new ListResponse<Member>([new("u1", "ada", "owner"), new("u2", "bo", "viewer")]));
        server.On("PUT", $"{Collection}/bo", new Member("u2", "bo", "admin"));
        _cli.Using(server);
        return server;
    }
}
