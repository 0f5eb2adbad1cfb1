using Planton.Api;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Api.Runners;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Completions;

/// <summary>What a shell is offered while somebody types.</summary>
public sealed class NameCompletionTests : IDisposable
{
    private readonly CliHarness _cli = new();

    [Theory]
    [InlineData("planton runner get ", "prod-runner")]
    [InlineData("planton runner delete pr", "prod-runner")]
    [InlineData("planton runner credentials revoke ", "prod-runner")]
    [InlineData("planton connection test ", "prod")]
    [InlineData("planton kubectl get pods --connection ", "prod")]
    [InlineData("planton kubectl get pods --connection pr", "prod")]
    [InlineData("planton explain route --connection ", "prod")]
    [InlineData("planton org get ", "acme")]
    [InlineData("planton user suspend ", "ada")]
    [InlineData("planton user resume ", "ada")]
    [InlineData("planton user revoke-keys a", "ada")]
    public async Task NamesComeFromTheServer(string line, string name)
    {
        await using var server = await StartAsync();

        var offered = await OfferedAsync(line);

        Assert.Contains(name, offered);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task NamesThatAShellWouldExpandAreNotOffered()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/organizations/acme/runners", new ListResponse<Runner>([Samples.Runner("good"), Samples.Runner("$(reboot)"), Samples.Runner("`id`"), Samples.Runner("a b")]));
        _cli.Using(server);

        var offered = await OfferedAsync("planton runner get ");

        Assert.Contains("good", offered);
        Assert.DoesNotContain(offered, name => name.Contains("reboot", StringComparison.Ordinal) || name.Contains('`', StringComparison.Ordinal) || name.Contains(' ', StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhenTheServerCannotBeAsked_NothingIsSaid()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", "/api/v1/organizations/acme/runners", ErrorCode.PermissionDenied, "no");

        Assert.Equal("", (await SuggestAsync(_cli.Using(server), "planton runner get ")).Error);
        _cli.Variables.Clear();
        Assert.Equal("", (await SuggestAsync(_cli, "planton runner get ")).Error);
    }

    [Theory]
    [InlineData("planton runner ")]
    [InlineData("planton auth login --api-key ")]
    [InlineData("planton audit list --outcome ")]
    [InlineData("planton runner get --org ")]
    [InlineData("planton ")]
    public async Task WhereNoNameFits_TheServerIsNotAsked(string line)
    {
        await using var server = await StartAsync();

        await OfferedAsync(line);

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task ContextsAndSavedRunnersComeFromTheDisk()
    {
        await using var server = await StartAsync();
        server.On("GET", "/api/v1/me", Samples.Caller("acme"));
        await _cli.RunAsync("auth", "login", "--server", server.Url, "--api-key", FakeControlPlane.ApiKey);
        var folder = Directory.CreateDirectory(Path.Combine(_cli.PlantonHome, "org", "acme", "runner", "saved"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "credentials.json"), "{}", TestContext.Current.CancellationToken);

        Assert.Contains(new Uri(server.Url).Authority, await OfferedAsync("planton context set "));
        Assert.Contains("saved", await OfferedAsync("planton runner start "));
    }

    public void Dispose() => _cli.Dispose();

    private static Task<CliResult> SuggestAsync(CliHarness cli, string line) => cli.RunAsync($"[suggest:{line.Length}]", line);

    private async Task<string[]> OfferedAsync(string line)
    {
        var result = await SuggestAsync(_cli, line);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private async Task<FakeControlPlane> StartAsync()
    {
        var server = await FakeControlPlane.StartAsync();
        _cli.Using(server);
        return server
            .On("GET", "/api/v1/organizations", new ListResponse<Api.Organizations.Organization>([Samples.Organization("acme")]))
            .On("GET", "/api/v1/users", new ListResponse<Api.Users.User>([new("u1", "ada", false, CliHarness.Now)]))
            .On("GET", "/api/v1/organizations/acme/runners", new ListResponse<Runner>([Samples.Runner("prod-runner")]))
            .On("GET", "/api/v1/organizations/acme/connections", new ListResponse<Connection>([Samples.Connection("prod")]));
    }
}
