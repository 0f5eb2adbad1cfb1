using Planton.Api.Errors;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Auth;

/// <summary>One person, several control planes: each keeps its own key, organization and context.</summary>
public sealed class SeveralServersTests : IDisposable
{
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task AContextIsSwitchedTo_AndItsServerIsAskedWithItsKeyAndOrganization()
    {
        await using var first = await LoggedInAsync("pck_first", "acme");
        await using var second = await LoggedInAsync("pck_second", "beta");
        foreach (var (server, organization) in new[] { (first, "acme"), (second, "beta") })
            server.On("GET", $"/api/v1/organizations/{organization}/runners", new Api.ListResponse<Api.Runners.Runner>([]));
        string Name(FakeControlPlane server) => new Uri(server.Url).Authority;

        await _cli.RunAsync("runner", "list");
        var switched = await _cli.RunAsync("context", "set", Name(first));
        await _cli.RunAsync("runner", "list");
        var list = await _cli.RunAsync("context", "list");

        Assert.Equal($"Current context: {Name(first)}, organization acme.\n", switched.Error);
        Assert.Equal(("/api/v1/organizations/beta/runners", "Bearer pck_second"), (second.Requests.Last().Path, second.Requests.Last().Authorization));
        Assert.Equal(("/api/v1/organizations/acme/runners", "Bearer pck_first"), (first.Requests.Last().Path, first.Requests.Last().Authorization));
        Assert.Matches($"\n\\* +{Name(first)} +{first.Url} +acme +yes\n", list.Out);
        Assert.Matches($"\n +{Name(second)} +{second.Url} +beta +yes\n", list.Out);
    }

    [Fact]
    public async Task LoggingOutOfOne_LeavesTheOther()
    {
        await using var first = await LoggedInAsync("pck_first", "acme");
        await using var second = await LoggedInAsync("pck_second", "beta");

        var logout = await _cli.RunAsync("auth", "logout", "--server", first.Url);

        Assert.Contains($"Forgot the API key of {first.Url}", logout.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _cli.RunAsync("auth", "who")).ExitCode);
        Assert.Equal(4, (await _cli.RunAsync("auth", "who", "--server", first.Url)).ExitCode);
        Assert.Equal($"Not logged in to {first.Url}.\n", (await _cli.RunAsync("auth", "logout", "--server", first.Url)).Error);
        Assert.Matches($"{first.Url} +acme +no\n", (await _cli.RunAsync("context", "list")).Out);
    }

    [Fact]
    public async Task LoggingInAgain_KeepsTheOrganizationOnlyWhenTheCallerBelongsToIt()
    {
        await using var server = await LoggedInAsync("pck_first", "acme");
        server.On("GET", "/api/v1/me", Samples.Caller("beta", "gamma"));

        var result = await LogInAsync(server, "pck_other");

        Assert.Contains("Choose an organization", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("acme", (await _cli.RunAsync("context", "get")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnOrganizationThatTheCallerIsNoMemberOf_IsTakenWithAWarning()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/me", Samples.Caller("acme"));

        var result = await _cli.RunAsync("auth", "login", "--server", server.Url, "--org", "other", "--api-key", "pck_first");

        Assert.Contains("Organization: other\nWarning: ada is not a member of organization other.\n", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no API key was presented")]
    [InlineData("the API key is unknown to this control plane")]
    [InlineData("API key k1 was revoked at 2026-03-04 05:06:07Z")]
    [InlineData("API key k1 expired at 2026-03-04 05:06:07Z")]
    public async Task ARefusedKey_IsSaidWithWhatIsWrongAndWhereItCameFrom(string detail)
    {
        await using var server = await LoggedInAsync("pck_first", "acme");
        server.OnProblem("GET", "/api/v1/me", ErrorCode.Unauthenticated, detail, "Ask for a new key.");

        var stored = await _cli.RunAsync("auth", "who");
        _cli.Variables["PLANTON_API_KEY"] = "pck_stale";
        var variable = await _cli.RunAsync("auth", "who");

        Assert.Equal((4, $"Error: {detail}\n  The key comes from the configuration, stored for {server.Url}.\nHint: Ask for a new key.\n"), (stored.ExitCode, stored.Error));
        Assert.Equal((4, $"Error: {detail}\n  The key comes from PLANTON_API_KEY.\nHint: Ask for a new key.\n"), (variable.ExitCode, variable.Error));
    }

    [Fact]
    public async Task AVariableThatGoesBeforeTheNewKey_IsWarnedAbout()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/me", Samples.Caller("acme"));
        _cli.Variables["PLANTON_API_KEY"] = "pck_stale";

        Assert.Contains("Warning: PLANTON_API_KEY holds another key", (await LogInAsync(server, "pck_first")).Error, StringComparison.Ordinal);
        _cli.Variables["PLANTON_API_KEY"] = "pck_first";
        Assert.DoesNotContain("Warning", (await LogInAsync(server, "pck_first")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAddressThatIsNone_IsSaidBeforeAKeyIsAskedFor()
    {
        (_cli.Interactive, _cli.HiddenInput) = (true, "pck_first");

        var result = await _cli.RunAsync("auth", "login", "--server", "planton.example.com");

        Assert.Equal(2, result.ExitCode);
        Assert.DoesNotContain("not shown", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();

    private async Task<FakeControlPlane> LoggedInAsync(string key, string organization)
    {
        var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/me", Samples.Caller(organization));
        Assert.Equal(0, (await LogInAsync(server, key)).ExitCode);
        return server;
    }

    private Task<CliResult> LogInAsync(FakeControlPlane server, string key)
    {
        _cli.Input = key + "\n";
        return _cli.RunAsync("auth", "login", "--server", server.Url, "--api-key", "-");
    }
}
