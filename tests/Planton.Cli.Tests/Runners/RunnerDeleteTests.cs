using Planton.Api.Credentials;
using Planton.Api.Errors;
using Planton.Api.Runners;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Runners;

/// <summary>The end of a runner: what goes with it is told before and after.</summary>
public sealed class RunnerDeleteTests : IDisposable
{
    private const string Runner = "/api/v1/organizations/acme/runners/old";
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenDeleted_TheLossesAreToldBeforeAndAfter()
    {
        await using var server = await StartAsync(Impact());

        var result = await _cli.RunAsync("runner", "delete", "old", "--yes");

        Assert.Equal((0, ""), (result.ExitCode, result.Out));
        Assert.Equal(
            """
            Deleting runner old in organization acme ends 1 valid credential, 2 tunnels and 3 operations.
            Connections that lose their route: prod, staging, 4 of organizations that you are no member of
            It is the default runner of the organization.
            Deleted runner old. Revoked 1 credential and 1 API key; cut 2 tunnels and 3 operations.
            What was deployed is left: remove it where it runs.

            """,
            result.Error);
        Assert.Equal(["GET", "DELETE"], server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task WhenNothingLosesItsRoute_NothingIsSaidOfConnections()
    {
        await using var server = await StartAsync(Impact() with { Connections = [], OtherConnections = 0, DefaultLevels = [] });

        var result = await _cli.RunAsync("runner", "delete", "old", "--yes");

        Assert.DoesNotContain("Connections", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("default", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenNobodyCanConfirm_TheLossesAreToldAndNothingIsDeleted()
    {
        await using var server = await StartAsync(Impact());

        var result = await _cli.RunAsync("runner", "delete", "old");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("prod, staging", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("Hint: Add --yes.\n", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Method == "DELETE");
    }

    [Theory]
    [InlineData("y\n", 0)]
    [InlineData("\n", 1)]
    public async Task WhenAsked_OnlyYesDeletes(string answer, int exitCode)
    {
        await using var server = await StartAsync(Impact());
        (_cli.Interactive, _cli.Input) = (true, answer);

        var result = await _cli.RunAsync("runner", "delete", "old");

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(exitCode == 0, server.Requests.Any(request => request.Method == "DELETE"));
        Assert.Contains("Delete runner old? [y/N] ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenItIsThePlatforms_ItsDefaultIsToldToo()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/platform/runners/shared/impact", Impact() with { DefaultLevels = ["platform"] });
        server.On("DELETE", "/api/v1/platform/runners/shared", new RevocationSummary(1, 1, 0, 0));
        _cli.Using(server).Variables.Remove("PLANTON_ORG");

        var result = await _cli.RunAsync("runner", "delete", "shared", "--platform", "-y");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Deleting runner shared on the platform ends", result.Error, StringComparison.Ordinal);
        Assert.Contains("It is the default runner of the platform.\n", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCode.RunnerNotFound, 3)]
    [InlineData(ErrorCode.PermissionDenied, 4)]
    public async Task WhenItIsRefused_NothingIsDeleted(string code, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", $"{Runner}/impact", code, "no");

        var result = await _cli.Using(server).RunAsync("runner", "delete", "old", "--yes");

        Assert.Equal((exitCode, "Error: no\n"), (result.ExitCode, result.Error));
        Assert.Single(server.Requests);
    }

    public void Dispose() => _cli.Dispose();

    private static RunnerImpact Impact() => new()
    {
        Tunnels = 2,
        Operations = 3,
        Credentials = 1,
        Connections = ["prod", "staging"],
        OtherConnections = 4,
        DefaultLevels = ["organization"],
    };

    private async Task<FakeControlPlane> StartAsync(RunnerImpact impact)
    {
        var server = await FakeControlPlane.StartAsync();
        server.On("GET", $"{Runner}/impact", impact).On("DELETE", Runner, new RevocationSummary(1, 1, 2, 3));
        _cli.Using(server);
        return server;
    }
}
