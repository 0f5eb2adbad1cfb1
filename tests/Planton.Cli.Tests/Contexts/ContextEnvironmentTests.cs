using Planton.Api;
using Planton.Api.Secrets;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Contexts;

/// <summary>The environment that a context names, and what goes before it.</summary>
public sealed class ContextEnvironmentTests : IDisposable
{
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenSet_SecretsAreLookedForThere()
    {
        await using var server = await StartAsync();

        var set = await _cli.RunAsync("context", "set", "--env", "staging");

        Assert.Equal((0, "Current context: here, organization acme, environment staging.\n"), (set.ExitCode, set.Error));
        Assert.Equal("?environment=staging", await AskedForAsync(server));
        Assert.Equal("name: here\nserver: " + server.Url + "\norganization: acme\nenvironment: staging\ncurrent: true\nloggedIn: true\n", (await _cli.RunAsync("context", "get", "-o", "yaml")).Out);
    }

    [Fact]
    public async Task WhenTheFlagOrTheVariableSaysAnother_ItGoesBefore()
    {
        await using var server = await StartAsync();
        await _cli.RunAsync("context", "set", "--env", "staging");

        Assert.Equal("?environment=prod", await AskedForAsync(server, "--env", "prod"));
        Assert.Equal("", await AskedForAsync(server, "--env", ""));
        _cli.Variables["PLANTON_ENV"] = "test";
        Assert.Equal("?environment=test", await AskedForAsync(server));
        Assert.Equal("?environment=prod", await AskedForAsync(server, "--env", "prod"));
    }

    [Fact]
    public async Task WhenItIsUnset_TheWholeOrganizationIsMeant()
    {
        await using var server = await StartAsync();
        await _cli.RunAsync("context", "set", "--env", "staging");

        await _cli.RunAsync("context", "set", "--env", "");

        Assert.Equal("", await AskedForAsync(server));
        Assert.DoesNotContain("environment", await File.ReadAllTextAsync(_cli.ConfigFile, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheOrganizationChanges_ItsEnvironmentGoesWithIt()
    {
        await using var server = await StartAsync();
        await _cli.RunAsync("context", "set", "--env", "staging");

        var result = await _cli.RunAsync("context", "set", "--org", "beta");

        Assert.Equal("Current context: here, organization beta.\n", result.Error);
    }

    [Fact]
    public async Task WhenAnotherOrganizationIsNamed_TheContextsEnvironmentIsNotItsOwn()
    {
        await using var server = await StartAsync();
        await _cli.RunAsync("context", "set", "--env", "staging");
        server.On("GET", "/api/v1/organizations/beta/secrets", new ListResponse<Secret>([]));

        Assert.Equal("", await AskedForAsync(server, "--org", "beta"));
    }

    public void Dispose() => _cli.Dispose();

    private async Task<string> AskedForAsync(FakeControlPlane server, params string[] options)
    {
        var result = await _cli.RunAsync(["secret", "list", .. options]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return server.Requests.Last().Query;
    }

    private async Task<FakeControlPlane> StartAsync()
    {
        var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/organizations/acme/secrets", new ListResponse<Secret>([]));
        Directory.CreateDirectory(_cli.PlantonHome);
        await File.WriteAllTextAsync(
            _cli.ConfigFile,
            $"""
            servers:
            - name: here
              url: {server.Url}
              apiKey: {FakeControlPlane.ApiKey}
            contexts:
            - name: here
              server: here
              organization: acme
            currentContext: here

            """,
            TestContext.Current.CancellationToken);
        File.SetUnixFileMode(_cli.ConfigFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return server;
    }
}
