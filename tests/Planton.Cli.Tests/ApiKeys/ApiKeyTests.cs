using Planton.Api;
using Planton.Api.ApiKeys;
using Planton.Api.Errors;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.ApiKeys;

/// <summary>The caller's own keys.</summary>
public sealed class ApiKeyTests : IDisposable
{
    private const string Collection = "/api/v1/me/api-keys";
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenOneIsMade_StandardOutputHoldsTheKeyAlone()
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync("api-key", "create");

        Assert.Equal((0, $"{Samples.NewKey}\n"), (result.ExitCode, result.Out));
        Assert.Equal("Key k9 of your own, until 2026-06-02T05:06:07Z. It is shown this once.\n", result.Error);
        Assert.Equal("{}", Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task WhenItShallEnd_TheSpanIsSentInSeconds()
    {
        await using var server = await StartAsync();

        await _cli.RunAsync("api-key", "create", "--expires-in", "90d");

        Assert.Equal("""{"expiresInSeconds":7776000}""", Assert.Single(server.Requests).Body);
    }

    [Theory]
    [InlineData("90")]
    [InlineData("d")]
    [InlineData("-1d")]
    [InlineData("1.5h")]
    [InlineData("1w")]
    [InlineData("99999999999999999999s")]
    [InlineData("9223372036854775807d")]
    [InlineData("")]
    public async Task WhenTheSpanIsNone_NothingIsMade(string span)
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync("api-key", "create", $"--expires-in={span}");

        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task WhenJsonIsAskedFor_TheKeyIsInIt()
    {
        await using var server = await StartAsync();

        var json = await _cli.RunAsync("api-key", "create", "-o", "json");
        var yaml = await _cli.RunAsync("api-key", "create", "-o", "yaml");

        Assert.Contains($"\"key\": \"{Samples.NewKey}\"", json.Out, StringComparison.Ordinal);
        Assert.Contains($"key: {Samples.NewKey}\n", yaml.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenItsNameAloneIsAskedFor_NoKeyIsMadeAndLost()
    {
        await using var server = await StartAsync();

        Assert.Equal(2, (await _cli.RunAsync("api-key", "create", "-o", "name")).ExitCode);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task WhenListed_TheirStateIsTold()
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync("api-key", "list");

        Assert.Equal(
            """
            ID   STATE            CREATED   EXPIRES                LAST USED   FINGERPRINT
            k3   valid            3h        never                  5m          f-k3
            k2   expired          3h        2026-03-04T05:06:07Z   5m          f-k2
            k1   revoked 2h ago   3h        never                  never       f-k1

            """,
            result.Out);
        Assert.Equal("api-key/k3\napi-key/k2\napi-key/k1\n", (await _cli.RunAsync("api-key", "list", "-o", "name")).Out);
        Assert.Contains("\"fingerprint\": \"f-k3\"", (await _cli.RunAsync("api-key", "list", "-o", "json")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenRevoked_TheServerIsAskedOnce()
    {
        await using var server = await StartAsync();
        server.OnJson("DELETE", $"{Collection}/k3", "", 204);

        var result = await _cli.RunAsync("api-key", "revoke", "k3", "--yes");

        Assert.Equal((0, "Revoked API key k3.\n"), (result.ExitCode, result.Error));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task WhenItIsTheKeyInUse_ThatIsSaid()
    {
        await using var server = await StartAsync();
        var id = FakeControlPlane.ApiKey["pck_".Length..][..12];
        server.OnJson("DELETE", $"{Collection}/{id}", "", 204);
        (_cli.Interactive, _cli.Input) = (true, "y\n");

        var result = await _cli.RunAsync("api-key", "revoke", id);

        Assert.Equal(0, result.ExitCode);
        Assert.EndsWith($"\nRevoke API key {id}, which this very command uses? [y/N] Revoked API key {id}. Log in with another one: planton auth login.\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenNobodyCanConfirm_NothingIsRevoked()
    {
        await using var server = await StartAsync();

        Assert.Equal(2, (await _cli.RunAsync("api-key", "revoke", "k3")).ExitCode);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(ErrorCode.NotFound, 3)]
    [InlineData(ErrorCode.PermissionDenied, 4)]
    public async Task WhenItIsRefused_TheReasonIsSaid(string code, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", Collection, code, "no").OnProblem("POST", Collection, code, "no").OnProblem("DELETE", $"{Collection}/k9", code, "no");
        _cli.Using(server);

        foreach (var arguments in (string[][])[["list"], ["create"], ["revoke", "k9", "-y"]])
        {
            var result = await _cli.RunAsync(["api-key", .. arguments]);
            Assert.Equal((exitCode, "", "Error: no\n"), (result.ExitCode, result.Out, result.Error));
        }
    }

    public void Dispose() => _cli.Dispose();

    private async Task<FakeControlPlane> StartAsync()
    {
        var server = await FakeControlPlane.StartAsync();
        server.On("GET", Collection, new ListResponse<ApiKey>(Samples.ApiKeys()));
        server.On("POST", Collection, new CreateApiKeyResponse(Samples.ApiKey("k9") with { ExpiresAt = CliHarness.Now.AddDays(90) }, Samples.NewKey));
        _cli.Using(server);
        return server;
    }
}
