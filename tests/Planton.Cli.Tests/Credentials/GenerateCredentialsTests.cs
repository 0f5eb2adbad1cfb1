using System.Text.Json;
using Planton.Api;
using Planton.Api.Runners;
using Planton.Cli.Data.Yaml;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Credentials;

/// <summary>S1, S2, S3: where credentials go, and that they go nowhere else.</summary>
public sealed class GenerateCredentialsTests : IDisposable
{
    private const string Path = "/api/v1/organizations/acme/runners/prod-runner/credentials";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenPrinted_TheDocumentIsAllThatStandardOutputHolds()
    {
        await using var server = await StartAsync(registered: true);

        var result = await _cli.RunAsync("runner", "generate-credentials", "prod-runner");

        Assert.Equal(0, result.ExitCode);
        var credentials = JsonSerializer.Deserialize(result.Out, PlantonJson.Default.RunnerCredentials)!;
        Assert.Equal("pck_runner", credentials.ApiKey);
        Assert.Equal("CA+PEM\n", credentials.Tunnel!.CaCertificates);
        Assert.Contains("CA+PEM", result.Out, StringComparison.Ordinal);
        Assert.Equal("registered runner prod-runner in organization acme\n", result.Error);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("24h", """{"validForSeconds":86400}""")]
    [InlineData("30d", """{"validForSeconds":2592000}""")]
    public async Task TheLifetimeOfCertificatesIsAskedFor_WhereItIsGiven(string? lifetime, string body)
    {
        await using var server = await StartAsync(registered: false);

        await _cli.RunAsync(["runner", "generate-credentials", "prod-runner", .. lifetime is null ? [] : new[] { "--valid-for", lifetime }]);

        Assert.Equal(body, Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task WhenTheRunnerWasThere_NothingIsSaidOfRegistering()
    {
        await using var server = await StartAsync(registered: false);

        var result = await _cli.RunAsync("runner", "generate-credentials", "prod-runner");

        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task WhenADirectoryIsGiven_TheFileThereIsTheOwnersAlone()
    {
        await using var server = await StartAsync(registered: false);
        var directory = _cli.PathOf("new/runner");

        var result = await _cli.RunAsync("runner", "generate-credentials", "prod-runner", "--output-dir", directory);

        var file = System.IO.Path.Combine(directory, "credentials.json");
        Assert.Equal("", result.Out);
        Assert.Equal($"wrote {file}\n", result.Error);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
        Assert.Equal([file], Directory.GetFiles(directory));
    }

    [Fact]
    public async Task WhenTheFileExists_ItIsReplacedWhole()
    {
        await using var server = await StartAsync(registered: false);
        var file = _cli.PathOf("credentials.json");
        await File.WriteAllTextAsync(file, "old", TestContext.Current.CancellationToken);

        await _cli.RunAsync("runner", "generate-credentials", "prod-runner", "--output-dir", _cli.Home);

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
        Assert.StartsWith("{\n", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheDirectoryCannotBeMade_ItIsAnErrorAndNoKeyIsShown()
    {
        await using var server = await StartAsync(registered: false);
        var blocked = _cli.PathOf("file");
        await File.WriteAllTextAsync(blocked, "", TestContext.Current.CancellationToken);

        var result = await _cli.RunAsync("runner", "generate-credentials", "prod-runner", "--output-dir", System.IO.Path.Combine(blocked, "x"));

        Assert.Equal(1, result.ExitCode);
        Assert.DoesNotContain("pck_", result.Out + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenSaved_TheyAreWhereStartLooksForThem()
    {
        await using var server = await StartAsync(registered: false);

        await _cli.RunAsync("runner", "generate-credentials", "prod-runner", "--save");

        var file = System.IO.Path.Combine(_cli.PlantonHome, "org/acme/runner/prod-runner/credentials.json");
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task WhenItIsAPlatformRunner_ThePlatformIsAskedAndNoOrganizationNeeded()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("POST", "/api/v1/platform/runners/shared/credentials", new GenerateCredentialsResponse(true, Samples.Credentials("shared")));
        _cli.Using(server).Variables.Remove("PLANTON_ORG");

        var result = await _cli.RunAsync("runner", "generate-credentials", "shared", "--platform", "--save");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("registered runner shared on the platform", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(System.IO.Path.Combine(_cli.PlantonHome, "platform/runner/shared/credentials.json")));
    }

    [Fact]
    public async Task WhenASecretIsAskedFor_TheManifestHoldsTheDocument()
    {
        await using var server = await StartAsync(registered: false);

        var result = await _cli.RunAsync("runner", "generate-credentials", "prod-runner", "--output-format", "k8s-secret", "--namespace", "planton", "--secret-name", "creds");

        Assert.StartsWith(
            """
            apiVersion: v1
            kind: Secret
            metadata:
              name: creds
              namespace: planton
              labels:
                app.kubernetes.io/name: planton-runner
                app.kubernetes.io/instance: prod-runner
                app.kubernetes.io/managed-by: planton
                planton.dev/organization: acme
            type: Opaque
            stringData:
              credentials.json: |
                {
                  "apiVersion": "planton.dev/v1",

            """,
            result.Out,
            StringComparison.Ordinal);
        var document = YamlDataReader.Read(result.Out, out _)!["stringData"]!["credentials.json"]!.Text!;
        Assert.Equal("pck_runner", JsonSerializer.Deserialize(document, PlantonJson.Default.RunnerCredentials)!.ApiKey);
    }

    [Theory]
    [InlineData("--output-format", "k8s-secret", "--save")]
    [InlineData("--output-format", "k8s-secret", "--output-dir", "x")]
    [InlineData("--secret-name", "x")]
    [InlineData("--output-format", "xml")]
    public async Task WhenOptionsContradict_NothingIsGenerated(params string[] options)
    {
        await using var server = await StartAsync(registered: false);

        var result = await _cli.RunAsync(["runner", "generate-credentials", "prod-runner", .. options]);

        Assert.Equal(2, result.ExitCode);
        Assert.Empty(server.Requests);
    }

    public void Dispose() => _cli.Dispose();

    private async Task<FakeControlPlane> StartAsync(bool registered)
    {
        var server = await FakeControlPlane.StartAsync();
        server.On("POST", Path, new GenerateCredentialsResponse(registered, Samples.Credentials("prod-runner")));
        _cli.Using(server);
        return server;
    }
}
