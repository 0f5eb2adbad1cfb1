using Planton.Api.DefaultRunners;
using Planton.Api.Errors;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.DefaultRunners;

/// <summary>The runner that connections use when they name none.</summary>
public sealed class DefaultRunnerTests : IDisposable
{
    private const string OfOrganization = "/api/v1/organizations/acme/default-runner";
    private const string OfPlatform = "/api/v1/platform/default-runner";
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenSet_TheOneInUseIsSaid()
    {
        await using var server = await StartAsync("PUT", OfOrganization, new(new("own", "organization"), "own", "shared"));

        var result = await _cli.RunAsync("runner", "set-default", "own");

        Assert.Equal((0, ""), (result.ExitCode, result.Out));
        Assert.Equal("Default runner of organization acme: own. Connections that name no runner use own (default of the organization).\n", result.Error);
        Assert.Equal("""{"runner":"own"}""", Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task WhenSetForThePlatform_NoOrganizationIsNeeded()
    {
        await using var server = await StartAsync("PUT", OfPlatform, new(new("shared", "platform"), null, "shared"));
        _cli.Variables.Remove("PLANTON_ORG");

        var result = await _cli.RunAsync("runner", "set-default", "shared", "--platform");

        Assert.Equal((0, "Default runner of the platform: shared. Connections that name no runner use shared (default of the platform).\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task WhenUnset_TheNextLevelsIsSaid()
    {
        await using var server = await StartAsync("DELETE", OfOrganization, new(new("shared", "platform"), null, "shared"));

        var result = await _cli.RunAsync("runner", "unset-default");

        Assert.Equal((0, "No default runner of organization acme. Connections that name no runner use shared (default of the platform).\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task WhenTheLastIsUnset_ThatIsSaid()
    {
        await using var server = await StartAsync("DELETE", OfPlatform, new(null, null, null));

        var result = await _cli.RunAsync("runner", "unset-default", "--platform");

        Assert.Equal((0, "No default runner of the platform. Connections that name no runner have none to use.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task WhenShown_EveryLevelIsThereAndTheUsedOneMarked()
    {
        await using var server = await StartAsync("GET", OfOrganization, new(new("own", "organization"), "own", "shared"));

        Assert.Equal(
            """
            LEVEL          RUNNER   USED
            organization   own      yes
            platform       shared

            """,
            (await _cli.RunAsync("runner", "get-default")).Out);
        Assert.Equal("runner/own\n", (await _cli.RunAsync("runner", "get-default", "-o", "name")).Out);
        Assert.StartsWith("effective:\n  runner: own\n  level: organization\n", (await _cli.RunAsync("runner", "get-default", "-o", "yaml")).Out, StringComparison.Ordinal);
        Assert.Contains("\"platform\": \"shared\"", (await _cli.RunAsync("runner", "get-default", "-o", "json")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenOnlyThePlatformHasOne_TheOrganizationsIsShownAsMissing()
    {
        await using var server = await StartAsync("GET", OfOrganization, new(new("shared", "platform"), null, "shared"));

        Assert.Equal("LEVEL          RUNNER   USED\norganization   (none)\nplatform       shared   yes\n", (await _cli.RunAsync("runner", "get-default")).Out);
    }

    [Fact]
    public async Task WhenThePlatformsIsShown_TheOrganizationIsNotInIt()
    {
        await using var server = await StartAsync("GET", OfPlatform, new(new("shared", "platform"), null, "shared"));

        Assert.Equal("LEVEL      RUNNER   USED\nplatform   shared   yes\n", (await _cli.RunAsync("runner", "get-default", "--platform")).Out);
    }

    [Fact]
    public async Task WhenThereIsNone_TheWayToSetOneIsSaidAndNoError()
    {
        await using var server = await StartAsync("GET", OfOrganization, new(null, null, null));

        var result = await _cli.RunAsync("runner", "get-default", "-o", "name");

        Assert.Equal((0, ""), (result.ExitCode, result.Out));
        Assert.Contains("planton runner set-default NAME", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCode.RunnerNotFound, 3)]
    [InlineData(ErrorCode.PermissionDenied, 4)]
    public async Task WhenItIsRefused_TheReasonIsSaid(string code, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        foreach (var method in (string[])["GET", "PUT", "DELETE"])
            server.OnProblem(method, OfOrganization, code, "no");
        _cli.Using(server);

        foreach (var arguments in (string[][])[["get-default"], ["set-default", "x"], ["unset-default"]])
        {
            var result = await _cli.RunAsync(["runner", .. arguments]);
            Assert.Equal((exitCode, "", "Error: no\n"), (result.ExitCode, result.Out, result.Error));
        }
    }

    public void Dispose() => _cli.Dispose();

    private async Task<FakeControlPlane> StartAsync(string method, string path, DefaultRunner answer)
    {
        var server = await FakeControlPlane.StartAsync();
        server.On(method, path, answer);
        _cli.Using(server);
        return server;
    }
}
