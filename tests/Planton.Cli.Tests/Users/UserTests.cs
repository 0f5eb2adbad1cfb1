using Planton.Api;
using Planton.Api.Errors;
using Planton.Api.Users;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Users;

public sealed class UserTests : IDisposable
{
    private const string Collection = "/api/v1/users";
    private readonly CliHarness _cli = new();

    [Theory]
    [InlineData("""{"name":"ada","platformOperator":false}""")]
    [InlineData("""{"name":"ada","platformOperator":true}""", "--platform-operator")]
    public async Task WhenMade_StandardOutputHoldsTheFirstKeyAlone(string body, params string[] options)
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync(["user", "create", "ada", .. options]);

        Assert.Equal((0, $"{Samples.NewKey}\n"), (result.ExitCode, result.Out));
        Assert.Equal("Made user ada. Next: planton member set ada --role member\nKey k9 of user ada, without end. It is shown this once.\n", result.Error);
        Assert.Equal(body, Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task WhenListed_OperatorsAreToldApart()
    {
        await using var server = await StartAsync();

        Assert.Equal(
            """
            NAME   PLATFORM OPERATOR   STATUS      AGE   ID
            ada    no                  suspended   3d    id-ada
            root   yes                 active      3d    id-root

            """,
            (await _cli.RunAsync("user", "list")).Out);
        Assert.Equal("user/ada\nuser/root\n", (await _cli.RunAsync("user", "list", "-o", "name")).Out);
        Assert.Contains("\"platformOperator\": true", (await _cli.RunAsync("user", "list", "-o", "json")).Out, StringComparison.Ordinal);
        Assert.StartsWith("items:\n- id: id-ada\n", (await _cli.RunAsync("user", "list", "-o", "yaml")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenNoOrganizationIsChosen_NoneIsNeeded()
    {
        await using var server = await StartAsync();
        _cli.Variables.Remove("PLANTON_ORG");

        Assert.Equal(0, (await _cli.RunAsync("user", "list")).ExitCode);
    }

    [Fact]
    public async Task WhenDeleted_ItIsConfirmedFirst()
    {
        await using var server = await StartAsync();
        server.OnJson("DELETE", $"{Collection}/ada", "", 204);

        Assert.Equal(2, (await _cli.RunAsync("user", "delete", "ada")).ExitCode);
        Assert.Empty(server.Requests);
        var result = await _cli.RunAsync("user", "delete", "ada", "--yes");

        Assert.Equal((0, "Deleted user ada.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task WhenSuspended_TheOrganizationsThatItFreezesAreNamed_WithTheWayOut()
    {
        await using var server = await StartAsync();
        server.On("POST", $"{Collection}/ada/suspend", new SuspendUserResponse(User("ada"), ["acme", "globex"]));

        Assert.Equal(2, (await _cli.RunAsync("user", "suspend", "ada")).ExitCode);
        Assert.Empty(server.Requests);
        var result = await _cli.RunAsync("user", "suspend", "ada", "--yes");

        Assert.Equal((0, ""), (result.ExitCode, result.Out));
        Assert.Equal(
            """
            Suspended user ada. To end it: planton user resume ada
            Organization acme is frozen: no other owner can act. To give it one: planton member set NAME --role owner --org acme
            Organization globex is frozen: no other owner can act. To give it one: planton member set NAME --role owner --org globex

            """,
            result.Error);
    }

    [Fact]
    public async Task WhenResumed_NobodyIsAsked()
    {
        await using var server = await StartAsync();
        server.On("POST", $"{Collection}/ada/resume", User("ada"));

        var result = await _cli.RunAsync("user", "resume", "ada");

        Assert.Equal((0, ""), (result.ExitCode, result.Out));
        Assert.StartsWith("Resumed user ada.", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "1 valid key")]
    [InlineData(2, "2 valid keys")]
    public async Task WhenTheKeysAreRevoked_ItIsConfirmedFirst_AndTheyAreCounted(int revoked, string said)
    {
        await using var server = await StartAsync();
        server.On("POST", $"{Collection}/ada/revoke-keys", new RevokeUserKeysResponse(revoked));

        Assert.Equal(2, (await _cli.RunAsync("user", "revoke-keys", "ada")).ExitCode);
        Assert.Empty(server.Requests);
        var result = await _cli.RunAsync("user", "revoke-keys", "ada", "--yes");

        Assert.Equal((0, $"Revoked {said} of user ada.\n"), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData(ErrorCode.NotFound, 3)]
    [InlineData(ErrorCode.PermissionDenied, 4)]
    [InlineData(ErrorCode.Conflict, 1)]
    public async Task WhenItIsRefused_TheReasonIsSaid(string code, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", Collection, code, "no").OnProblem("POST", Collection, code, "no").OnProblem("DELETE", $"{Collection}/x", code, "no");
        foreach (var verb in (string[])["suspend", "resume", "revoke-keys"])
            server.OnProblem("POST", $"{Collection}/x/{verb}", code, "no");
        _cli.Using(server);

        foreach (var arguments in (string[][])[["list"], ["create", "x"], ["delete", "x", "-y"], ["suspend", "x", "-y"], ["resume", "x"], ["revoke-keys", "x", "-y"]])
        {
            var result = await _cli.RunAsync(["user", .. arguments]);
            Assert.Equal((exitCode, "", "Error: no\n"), (result.ExitCode, result.Out, result.Error));
        }
    }

    public void Dispose() => _cli.Dispose();

    private static User User(string name, bool platformOperator = false) => new($"id-{name}", name, platformOperator, CliHarness.Now.AddDays(-3));

    private async Task<FakeControlPlane> StartAsync()
    {
        var server = await FakeControlPlane.StartAsync();
        server.On("GET", Collection, new ListResponse<User>([User("ada") with { SuspendedAt = CliHarness.Now }, User("root", platformOperator: true)]));
        server.On("POST", Collection, new CreateUserResponse(User("ada"), Samples.ApiKey("k9"), Samples.NewKey));
        _cli.Using(server);
        return server;
    }
}
