using Planton.Api;
using Planton.Api.Errors;
using Planton.Api.Secrets;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Secrets;

/// <summary>What is shown of secrets: their values only when that is asked for.</summary>
public sealed class SecretTests : IDisposable
{
    private const string Collection = "/api/v1/organizations/acme/secrets";
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenListed_NamesVersionsAndKeysAreShown()
    {
        await using var server = await StartAsync();

        Assert.Equal(
            """
            NAME       ENVIRONMENT   VERSION   KEYS        UPDATED
            database   (all)         3         value       3h
            tls        staging       3         cert, key   3h

            """,
            (await _cli.RunAsync("secret", "list")).Out);
        Assert.Equal("secret/database\nsecret/tls\n", (await _cli.RunAsync("secret", "list", "-o", "name")).Out);
        Assert.StartsWith("items:\n- id: id-database\n", (await _cli.RunAsync("secret", "list", "-o", "yaml")).Out, StringComparison.Ordinal);
        Assert.Contains("\"environment\": \"staging\"", (await _cli.RunAsync("secret", "list", "-o", "json")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenOneIsShown_ItsVersionsAreAndNoValue()
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync("secret", "get", "database");

        Assert.Equal(
            """
            NAME       ENVIRONMENT   VERSION   KEYS    UPDATED
            database   (all)         3         value   3h

            VERSION   KEYS         WRITTEN                BY
            3         value        2026-03-04T02:06:07Z   ada
            2         user, pass   2026-03-01T05:06:07Z   bo

            """,
            result.Out);
        Assert.DoesNotContain(server.Requests, request => request.Path.EndsWith("/reveal", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhenASingleValueIsRevealed_ItIsPrintedExactlyAsItIs()
    {
        await using var server = await StartAsync(("value", "a\u001b[2J\nb"));

        var result = await _cli.RunAsync("secret", "get", "database", "--reveal");

        Assert.Equal((0, "a\u001b[2J\nb", ""), (result.ExitCode, result.Out, result.Error));
        Assert.Equal($"POST {Collection}/database/reveal", Assert.Single(server.Requests).ToString());
    }

    [Fact]
    public async Task WhenSeveralAreRevealed_EachIsShownByItsKey()
    {
        await using var server = await StartAsync(("user", "ada"), ("pass", "x\ny"));

        Assert.Equal("KEY    VALUE\nuser   ada\npass   x\\u000ay\n", (await RevealAsync()).Out);
        Assert.Equal("x\ny", (await RevealAsync("--key", "pass")).Out);
        Assert.Contains("\"pass\": \"x\\ny\"", (await RevealAsync("-o", "json")).Out, StringComparison.Ordinal);
        Assert.Contains("values:\n  user: ada\n", (await RevealAsync("-o", "yaml")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenAVersionIsAskedFor_ItIsSent()
    {
        await using var server = await StartAsync(("value", "old"));

        await RevealAsync("--version", "2", "--env", "staging");

        Assert.Equal("?version=2&environment=staging", Assert.Single(server.Requests).Query);
    }

    [Fact]
    public async Task WhenTheKeyIsNotThere_TheOthersAreNamedWithoutTheirValues()
    {
        await using var server = await StartAsync(("user", "ada"), ("pass", "hunter2"));

        var result = await RevealAsync("--key", "nosuch");

        Assert.Equal((3, "", "Error: version 3 of secret database has no key nosuch\nHint: It has: user, pass\n"), (result.ExitCode, result.Out, result.Error));
    }

    [Theory]
    [InlineData("--key", "a")]
    [InlineData("--version", "1")]
    public async Task WhenTheValuesAreNotAskedFor_TheirOptionsAreUsageErrors(params string[] options)
    {
        await using var server = await StartAsync();

        Assert.Equal(2, (await _cli.RunAsync(["secret", "get", "database", .. options])).ExitCode);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task WhenDeleted_ItIsConfirmedFirst()
    {
        await using var server = await StartAsync();
        server.OnJson("DELETE", $"{Collection}/database", "", 204);

        Assert.Equal(2, (await _cli.RunAsync("secret", "delete", "database")).ExitCode);
        Assert.Empty(server.Requests);
        var result = await _cli.RunAsync("secret", "delete", "database", "--env", "staging", "--yes");

        Assert.Equal((0, "Deleted secret database of environment staging of organization acme.\n"), (result.ExitCode, result.Error));
        Assert.Equal("?environment=staging", Assert.Single(server.Requests).Query);
    }

    [Theory]
    [InlineData(ErrorCode.NotFound, 3)]
    [InlineData(ErrorCode.PermissionDenied, 4)]
    [InlineData(ErrorCode.RateLimited, 1)]
    public async Task WhenItIsRefused_TheReasonIsSaid(string code, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", Collection, code, "no").OnProblem("GET", $"{Collection}/x", code, "no")
            .OnProblem("POST", $"{Collection}/x/reveal", code, "no").OnProblem("DELETE", $"{Collection}/x", code, "no");
        _cli.Using(server);

        foreach (var arguments in (string[][])[["list"], ["get", "x"], ["get", "x", "--reveal"], ["delete", "x", "-y"]])
        {
            var result = await _cli.RunAsync(["secret", .. arguments]);
            Assert.Equal((exitCode, "", "Error: no\n"), (result.ExitCode, result.Out, result.Error));
        }
    }

    public void Dispose() => _cli.Dispose();

    private async Task<FakeControlPlane> StartAsync(params (string Key, string Value)[] values)
    {
        var server = await FakeControlPlane.StartAsync();
        server.On("GET", Collection, new ListResponse<Secret>([Samples.Secret("database"), Samples.Secret("tls") with { Environment = "staging", Keys = ["cert", "key"] }]));
        server.On("GET", $"{Collection}/database", Samples.Secret("database") with
        {
            Versions = [new(3, ["value"], CliHarness.Now.AddHours(-3), "ada"), new(2, ["user", "pass"], CliHarness.Now.AddDays(-3), "bo")],
        });
        server.On("POST", $"{Collection}/database/reveal", new SecretValues("database", null, 3, values.ToDictionary(pair => pair.Key, pair => pair.Value)));
        _cli.Using(server);
        return server;
    }

    private Task<CliResult> RevealAsync(params string[] options) => _cli.RunAsync(["secret", "get", "database", "--reveal", .. options]);
}
