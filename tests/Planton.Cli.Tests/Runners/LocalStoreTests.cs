using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Runners;

/// <summary>S11, S12: which runner of the local store is meant.</summary>
public sealed class LocalStoreTests : IDisposable
{
    private readonly CliHarness _cli = new();

    [Theory]
    [InlineData("org/acme/runner/prod")]
    [InlineData("platform/runner/shared")]
    public async Task WhenThereIsOneRunner_ItNeedsNoName(string path)
    {
        var file = Store(path);

        await StartAsync();

        Assert.Equal(["start", "--credentials-file", file], _cli.Launcher.Arguments);
    }

    [Fact]
    public async Task WhenThereAreSeveral_TheyAreListedAndNoneIsStarted()
    {
        foreach (var path in (string[])["org/acme/runner/prod", "org/acme/runner/test", "org/beta/runner/prod", "platform/runner/shared"])
            Store(path);

        var result = await StartAsync();

        Assert.Equal(2, result.ExitCode);
        Assert.Equal(
            $"Error: several runners are in {_cli.PlantonHome}: prod (--org acme), test (--org acme), prod (--org beta), shared (--platform)\nHint: Say which: planton runner start NAME --org ORG\n",
            result.Error);
        Assert.Null(_cli.Launcher.Program);
    }

    [Theory]
    [InlineData("org/beta/runner/prod", "--org", "beta")]
    [InlineData("org/acme/runner/test", "test")]
    [InlineData("platform/runner/shared", "--platform")]
    public async Task WhenNameOrOrganizationTellsThemApart_ThatIsEnough(string expected, params string[] arguments)
    {
        foreach (var path in (string[])["org/acme/runner/prod", "org/acme/runner/test", "org/beta/runner/prod", "platform/runner/shared"])
            Store(path);

        await StartAsync(arguments);

        Assert.Equal(["start", "--credentials-file", Path.Combine(_cli.PlantonHome, expected, "credentials.json")], _cli.Launcher.Arguments);
    }

    [Fact]
    public async Task WhenTheNameIsNotThere_ThoseThatAreAreListed()
    {
        Store("org/acme/runner/prod");
        Directory.CreateDirectory(Path.Combine(_cli.PlantonHome, "org", "acme", "runner", "empty"));

        var result = await StartAsync("prdo", "--org", "beta");

        Assert.Equal(2, result.ExitCode);
        Assert.Equal(
            $"Error: the local store ({_cli.PlantonHome}) has no credentials of runner prdo of organization beta. There are: prod (--org acme)\nHint: planton runner generate-credentials prdo --save --org beta\n",
            result.Error);
    }

    [Fact]
    public async Task WhenTheStoreIsEmpty_EveryWayIsNamed()
    {
        var result = await StartAsync();

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("no credentials are given", result.Error, StringComparison.Ordinal);
        foreach (var way in (string[])["--credentials-file", "PLANTON_RUNNER_CREDENTIALS_FILE", "generate-credentials NAME --save"])
            Assert.Contains(way, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatWasSaved_IsWhatIsStarted()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("POST", "/api/v1/organizations/acme/runners/prod/credentials", new Api.Runners.GenerateCredentialsResponse(true, Samples.Credentials("prod")));
        _cli.Using(server);

        await _cli.RunAsync("runner", "generate-credentials", "prod", "--save");
        await StartAsync();

        Assert.Equal(["start", "--credentials-file", Path.Combine(_cli.PlantonHome, "org", "acme", "runner", "prod", "credentials.json")], _cli.Launcher.Arguments);
    }

    public void Dispose() => _cli.Dispose();

    private Task<CliResult> StartAsync(params string[] arguments)
    {
        Directory.CreateDirectory(_cli.ProgramDirectory);
        File.WriteAllText(Path.Combine(_cli.ProgramDirectory, "planton-runner"), "");
        return _cli.RunAsync(["runner", "start", .. arguments]);
    }

    private string Store(string path)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_cli.PlantonHome, path));
        var file = Path.Combine(directory.FullName, "credentials.json");
        File.WriteAllText(file, "{}");
        return file;
    }
}
