using Planton.Api;
using Planton.Api.Errors;
using Planton.Api.Variables;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Variables;

public sealed class VariableTests : IDisposable
{
    private const string Collection = "/api/v1/organizations/acme/variables";
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenSet_TheValueMayStandOnTheCommandLine()
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync("variable", "set", "region", "eu-west-1", "-o", "name");

        Assert.Equal((0, "variable/region\n", "Wrote version 2 of variable region of organization acme.\n"), (result.ExitCode, result.Out, result.Error));
        Assert.Equal("""{"value":"eu-west-1"}""", Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task WhenSetFromInputOrFile_ThatIsSent()
    {
        await using var server = await StartAsync();
        var file = _cli.PathOf("settings");
        await File.WriteAllTextAsync(file, "a: 1\n", TestContext.Current.CancellationToken);
        _cli.Input = "typed\n";

        await _cli.RunAsync("variable", "set", "region");
        await _cli.RunAsync("variable", "set", "region", "--from-file", file, "--env", "staging");

        Assert.Equal(["""{"value":"typed"}""", """{"value":"a: 1\n"}"""], server.Requests.Select(request => request.Body));
        Assert.Equal("?environment=staging", server.Requests.Last().Query);
    }

    [Fact]
    public async Task WhenAnEmptyValueIsGiven_ItIsAValue()
    {
        await using var server = await StartAsync();

        Assert.Equal(0, (await _cli.RunAsync("variable", "set", "region", "")).ExitCode);
        Assert.Equal("""{"value":""}""", Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task WhenTwoValuesAreGiven_NothingIsSent()
    {
        await using var server = await StartAsync();

        Assert.Equal(2, (await _cli.RunAsync("variable", "set", "region", "a", "--from-file", "b")).ExitCode);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task WhenListed_ValuesAreShownSafely()
    {
        await using var server = await StartAsync();

        Assert.Equal(
            """
            NAME       ENVIRONMENT   VERSION   VALUE        UPDATED
            region     (all)         2         eu-west-1    3h
            settings   staging       2         a: 1\u000a   3h

            """,
            (await _cli.RunAsync("variable", "list")).Out);
        Assert.Equal("variable/region\nvariable/settings\n", (await _cli.RunAsync("variable", "list", "-o", "name")).Out);
        Assert.StartsWith("items:\n- id: id-region\n", (await _cli.RunAsync("variable", "list", "-o", "yaml")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenOneIsShown_ItsVersionsAreToo()
    {
        await using var server = await StartAsync();

        Assert.EndsWith(
            """

            VERSION   VALUE       WRITTEN                BY
            2         eu-west-1   2026-03-04T02:06:07Z   ada

            """,
            (await _cli.RunAsync("variable", "get", "region")).Out,
            StringComparison.Ordinal);
        Assert.Equal("eu-west-1", (await _cli.RunAsync("variable", "get", "region", "--value")).Out);
        Assert.Contains("\"value\": \"eu-west-1\"", (await _cli.RunAsync("variable", "get", "region", "-o", "json")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenDeleted_ItIsConfirmedFirst()
    {
        await using var server = await StartAsync();
        server.OnJson("DELETE", $"{Collection}/region", "", 204);

        Assert.Equal(2, (await _cli.RunAsync("variable", "delete", "region")).ExitCode);
        Assert.Empty(server.Requests);
        var result = await _cli.RunAsync("variable", "delete", "region", "--yes");

        Assert.Equal((0, "Deleted variable region of organization acme.\n"), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData(ErrorCode.NotFound, 3)]
    [InlineData(ErrorCode.PermissionDenied, 4)]
    public async Task WhenItIsRefused_TheReasonIsSaid(string code, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", Collection, code, "no").OnProblem("GET", $"{Collection}/x", code, "no")
            .OnProblem("PUT", $"{Collection}/x", code, "no").OnProblem("DELETE", $"{Collection}/x", code, "no");
        _cli.Using(server);

        foreach (var arguments in (string[][])[["list"], ["get", "x"], ["set", "x", "y"], ["delete", "x", "-y"]])
        {
            var result = await _cli.RunAsync(["variable", .. arguments]);
            Assert.Equal((exitCode, "", "Error: no\n"), (result.ExitCode, result.Out, result.Error));
        }
    }

    public void Dispose() => _cli.Dispose();

    private static Variable Of(string name, string value) => new()
    {
        Id = $"id-{name}",
        Name = name,
        Organization = "acme",
        Version = 2,
        Value = value,
        CreatedAt = CliHarness.Now.AddDays(-3),
        UpdatedAt = CliHarness.Now.AddHours(-3),
    };

    private async Task<FakeControlPlane> StartAsync()
    {
        var server = await FakeControlPlane.StartAsync();
        server.On("GET", Collection, new ListResponse<Variable>([Of("region", "eu-west-1"), Of("settings", "a: 1\n") with { Environment = "staging" }]));
        server.On("GET", $"{Collection}/region", Of("region", "eu-west-1") with { Versions = [new(2, "eu-west-1", CliHarness.Now.AddHours(-3), "ada")] });
        server.On("PUT", $"{Collection}/region", Of("region", "eu-west-1"));
        _cli.Using(server);
        return server;
    }
}
