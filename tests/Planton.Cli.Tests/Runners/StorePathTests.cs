using Planton.Api.Runners;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Runners;

/// <summary>No name that is typed, stored or said by a server leads out of the local store.</summary>
public sealed class StorePathTests : IDisposable
{
    private readonly CliHarness _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("../../../.ssh/x")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("/etc/x")]
    public async Task ANameThatIsTyped(string name)
    {
        await using var server = await StartAsync(name);

        foreach (var verb in new[] { "generate-credentials", "regenerate-credentials" })
        {
            var result = await _cli.RunAsync(["runner", verb, name, "--save", .. verb[0] == 'r' ? (string[])["--yes"] : []]);

            Assert.Equal(2, result.ExitCode);
            Assert.Contains("is not a runner's name", result.Error, StringComparison.Ordinal);
        }

        Assert.Empty(server.Requests);
        Assert.Empty(Directory.GetFileSystemEntries(_cli.Home));
    }

    [Fact]
    public async Task AnOrganizationsNameThatAServerSays()
    {
        await using var server = await StartAsync("prod");
        server.On("GET", "/api/v1/me", Samples.Caller("../../.ssh"));
        _cli.Variables.Clear();

        var login = await _cli.RunAsync("auth", "login", "--server", server.Url, "--api-key", FakeControlPlane.ApiKey);
        var generated = await _cli.RunAsync("runner", "generate-credentials", "prod", "--save");

        Assert.Equal((0, 2), (login.ExitCode, generated.ExitCode));
        Assert.Contains("no organization is chosen", generated.Error, StringComparison.Ordinal);
        Assert.Equal([_cli.ConfigFile], Directory.GetFiles(_cli.Home, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task AnOrganizationsNameThatIsSet()
    {
        await using var server = await StartAsync("prod");
        _cli.Variables["PLANTON_ORG"] = "../../.ssh";

        var result = await _cli.RunAsync("runner", "generate-credentials", "prod", "--save");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("'../../.ssh' is not an organization's name", result.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
        Assert.Empty(Directory.GetFileSystemEntries(_cli.Home));
    }

    private async Task<FakeControlPlane> StartAsync(string name)
    {
        var server = await FakeControlPlane.StartAsync();
        _cli.Using(server);
        var answer = new GenerateCredentialsResponse(false, Samples.Credentials(name));
        foreach (var verb in new[] { "credentials", "credentials/regenerate" })
            server.On("POST", $"/api/v1/organizations/acme/runners/{name}/{verb}", answer);
        return server;
    }
}
