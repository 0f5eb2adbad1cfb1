using System.Text.Json;
using Planton.Api;
using Planton.Api.Credentials;
using Planton.Api.Errors;
using Planton.Api.Runners;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Credentials;

/// <summary>New credentials in place of all earlier ones.</summary>
public sealed class RegenerateCredentialsTests : IDisposable
{
    private const string Runner = "/api/v1/organizations/acme/runners/prod-runner";
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenConfirmed_TheNewDocumentIsPrintedAndTheLossesAreSaid()
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync("runner", "regenerate-credentials", "prod-runner", "--yes");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("pck_runner", JsonSerializer.Deserialize(result.Out, PlantonJson.Default.RunnerCredentials)!.ApiKey);
        Assert.Equal("Revoked 2 credentials and 2 API keys; cut 1 tunnel and 3 operations.\n", result.Error);
        Assert.Equal($"POST {Runner}/credentials/regenerate", Assert.Single(server.Requests).ToString());
    }

    [Fact]
    public async Task WhenADirectoryIsGiven_TheyAreWrittenThereAlone()
    {
        await using var server = await StartAsync();
        var directory = _cli.PathOf("rotated");

        var result = await _cli.RunAsync("runner", "regenerate-credentials", "prod-runner", "--output-dir", directory, "--yes");

        var file = Path.Combine(directory, "credentials.json");
        Assert.Equal((0, ""), (result.ExitCode, result.Out));
        Assert.EndsWith($"wrote {file}\n", result.Error, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task WhenTheDirectoryCannotBeMade_NothingIsRevoked()
    {
        await using var server = await StartAsync();
        var blocked = _cli.PathOf("file");
        await File.WriteAllTextAsync(blocked, "", TestContext.Current.CancellationToken);

        var result = await _cli.RunAsync("runner", "regenerate-credentials", "prod-runner", "--output-dir", Path.Combine(blocked, "x"), "--yes");

        Assert.Equal(1, result.ExitCode);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task WhenSomethingLivesAndNobodyCanConfirm_NothingIsRevoked()
    {
        await using var server = await StartAsync(Impact());

        var result = await _cli.RunAsync("runner", "regenerate-credentials", "prod-runner");

        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.Contains("ends 2 valid credentials, 1 tunnel and 3 operations.", result.Error, StringComparison.Ordinal);
        Assert.Contains("Add --yes.", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Method == "POST");
    }

    [Fact]
    public async Task WhenNothingIsLost_NobodyIsAsked()
    {
        await using var server = await StartAsync(Impact() with { Credentials = 0, Tunnels = 0, Operations = 0 });

        var result = await _cli.RunAsync("runner", "regenerate-credentials", "prod-runner");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(server.Requests, request => request.Method == "POST");
    }

    [Theory]
    [InlineData("y\n", 0)]
    [InlineData("n\n", 1)]
    public async Task WhenAsked_OnlyYesRegenerates(string answer, int exitCode)
    {
        await using var server = await StartAsync(Impact());
        (_cli.Interactive, _cli.Input) = (true, answer);

        var result = await _cli.RunAsync("runner", "regenerate-credentials", "prod-runner");

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(exitCode == 0, server.Requests.Any(request => request.Method == "POST"));
        Assert.Contains("Regenerate the credentials of runner prod-runner? [y/N] ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenASecretIsAskedFor_AManifestIsPrinted()
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync("runner", "regenerate-credentials", "prod-runner", "--output-format", "k8s-secret", "-y");

        Assert.StartsWith("apiVersion: v1\nkind: Secret\n", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCode.RunnerNotFound, 3)]
    [InlineData(ErrorCode.PermissionDenied, 4)]
    public async Task WhenItIsRefused_NoDocumentIsPrinted(string code, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("POST", $"{Runner}/credentials/regenerate", code, "no");

        var result = await _cli.Using(server).RunAsync("runner", "regenerate-credentials", "prod-runner", "--yes");

        Assert.Equal((exitCode, "", "Error: no\n"), (result.ExitCode, result.Out, result.Error));
    }

    [Fact]
    public async Task WhenTheAnswerHoldsNone_ItIsAnError()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnJson("POST", $"{Runner}/credentials/regenerate", "{}");

        var result = await _cli.Using(server).RunAsync("runner", "regenerate-credentials", "prod-runner", "--yes");

        Assert.Equal((1, ""), (result.ExitCode, result.Out));
        Assert.Contains("holds no credentials", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();

    private static RunnerImpact Impact() => new() { Tunnels = 1, Operations = 3, Credentials = 2, Connections = [], DefaultLevels = [] };

    private async Task<FakeControlPlane> StartAsync(RunnerImpact? impact = null)
    {
        var server = await FakeControlPlane.StartAsync();
        server.On("POST", $"{Runner}/credentials/regenerate", new RegenerateCredentialsResponse(Samples.Credentials("prod-runner"), new RevocationSummary(2, 2, 1, 3)));
        if (impact is not null)
            server.On("GET", $"{Runner}/impact", impact);
        _cli.Using(server);
        return server;
    }
}
