using Planton.Api;
using Planton.Api.ApiKeys;
using Planton.Api.Errors;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.ServiceAccounts;

public sealed class ServiceAccountKeyTests : IDisposable
{
    private const string Collection = "/api/v1/organizations/acme/service-accounts/ci/keys";
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenOneIsMade_StandardOutputHoldsTheKeyAlone()
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync("service-account", "key", "create", "ci", "--expires-in", "12h");

        Assert.Equal((0, $"{Samples.NewKey}\n"), (result.ExitCode, result.Out));
        Assert.Equal("Key k9 of service account ci, without end. It is shown this once.\n", result.Error);
        Assert.Equal("""{"expiresInSeconds":43200}""", Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task WhenListed_TheKeysThemselvesAreNowhere()
    {
        await using var server = await StartAsync();

        foreach (var format in (string[])["table", "json", "yaml", "name"])
        {
            var result = await _cli.RunAsync("service-account", "key", "list", "ci", "-o", format);
            Assert.Equal(0, result.ExitCode);
            Assert.Contains("k3", result.Out, StringComparison.Ordinal);
            Assert.DoesNotContain("pck_", result.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WhenRevoked_TheServerIsAskedOnce()
    {
        await using var server = await StartAsync();
        server.OnJson("DELETE", $"{Collection}/k3", "", 204);

        var result = await _cli.RunAsync("service-account", "key", "revoke", "ci", "k3", "--yes");

        Assert.Equal((0, "Revoked key k3 of service account ci.\n"), (result.ExitCode, result.Error));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("y\n", 0, 1)]
    [InlineData("n\n", 1, 0)]
    public async Task WhenAsked_OnlyYesRevokes(string answer, int exitCode, int requests)
    {
        await using var server = await StartAsync();
        server.OnJson("DELETE", $"{Collection}/k3", "", 204);
        (_cli.Interactive, _cli.Input) = (true, answer);

        var result = await _cli.RunAsync("service-account", "key", "revoke", "ci", "k3");

        Assert.Equal((exitCode, requests), (result.ExitCode, server.Requests.Count));
        Assert.StartsWith("Whoever uses the key is refused from then on, and what runs with it is cut.\nRevoke key k3 of service account ci? [y/N] ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCode.NotFound, 3)]
    [InlineData(ErrorCode.PermissionDenied, 4)]
    public async Task WhenItIsRefused_TheReasonIsSaid(string code, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", Collection, code, "no").OnProblem("POST", Collection, code, "no").OnProblem("DELETE", $"{Collection}/k9", code, "no");
        _cli.Using(server);

        foreach (var arguments in (string[][])[["list", "ci"], ["create", "ci"], ["revoke", "ci", "k9", "-y"]])
        {
            var result = await _cli.RunAsync(["service-account", "key", .. arguments]);
            Assert.Equal((exitCode, "", "Error: no\n"), (result.ExitCode, result.Out, result.Error));
        }
    }

    public void Dispose() => _cli.Dispose();

    private async Task<FakeControlPlane> StartAsync()
    {
        var server = await FakeControlPlane.StartAsync();
        server.On("GET", Collection, new ListResponse<ApiKey>(Samples.ApiKeys()));
        server.On("POST", Collection, new CreateApiKeyResponse(Samples.ApiKey("k9"), Samples.NewKey));
        _cli.Using(server);
        return server;
    }
}
