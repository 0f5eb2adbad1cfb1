using Planton.Cli.Hosting;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Runners;

/// <summary>S11, S12: which credentials and which program a start takes.</summary>
public sealed class RunnerStartTests : IDisposable
{
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenAFileIsGiven_ItIsPassedOnWithTheOtherOptions()
    {
        var program = Install(_cli.ProgramDirectory);
        _cli.Launcher.ExitCode = 4;

        var result = await _cli.RunAsync("runner", "start", "--credentials-file", "c.json", "--kubeconfig", "k.yaml", "--health", "127.0.0.1:0");

        Assert.Equal(4, result.ExitCode);
        Assert.Equal(program, _cli.Launcher.Program);
        Assert.Equal(["start", "--credentials-file", "c.json", "--kubeconfig", "k.yaml", "--health", "127.0.0.1:0"], _cli.Launcher.Arguments);
    }

    [Fact]
    public async Task WhenLoggingAndDrainingAreSet_TheRunnerIsTold()
    {
        Install(_cli.ProgramDirectory);
        string[] options = ["--drain-timeout", "5s", "--log-level", "debug", "--log-format", "json", "--proxy-resolves-names"];

        await _cli.RunAsync(["runner", "start", "--credentials-file", "c.json", .. options]);

        Assert.Equal(["start", "--credentials-file", "c.json", .. options], _cli.Launcher.Arguments);
    }

    [Fact]
    public async Task WhenAPolicyIsGiven_ItIsRefusedAsTheRunnerHasNone()
    {
        Install(_cli.ProgramDirectory);

        Assert.Equal(2, (await _cli.RunAsync("runner", "start", "--credentials-file", "c.json", "--policy", "p.yaml")).ExitCode);
        Assert.Null(_cli.Launcher.Program);
    }

    [Fact]
    public async Task WhenMoreIsAskedFor_TheSourceThatWonIsSaid()
    {
        Install(_cli.ProgramDirectory);
        var file = Store("org/acme/runner/prod-runner");

        Assert.Equal(
            Said($"the local store, {file}", "not given", "not set", "not set", "prod-runner (--org acme), used"), await SourceAsync("prod-runner", "--org", "acme"));
        _cli.Variables["PLANTON_RUNNER_CREDENTIALS"] = "{}";
        Assert.Equal(
            Said("the environment variable PLANTON_RUNNER_CREDENTIALS", "not given", "not set", "set, used", "not looked into"), await SourceAsync("prod-runner", "--org", "acme"));
        _cli.Variables["PLANTON_RUNNER_CREDENTIALS_FILE"] = "other.json";
        Assert.Equal(
            Said("the environment variable PLANTON_RUNNER_CREDENTIALS_FILE", "not given", "set, used", "set, not used", "not looked into"), await SourceAsync("prod-runner"));
        Assert.Equal(
            Said("--credentials-file c.json", "given, used", "set, not used", "set, not used", "not looked into"), await SourceAsync("--credentials-file", "c.json"));

        async Task<string> SourceAsync(params string[] arguments) => (await _cli.RunAsync(["runner", "start", "--verbose", .. arguments])).Error;

        static string Said(string winner, string flag, string fileVariable, string variable, string store) =>
            $"Credentials: {winner}\n  --credentials-file: {flag}\n  PLANTON_RUNNER_CREDENTIALS_FILE: {fileVariable}\n  PLANTON_RUNNER_CREDENTIALS: {variable}\n  the local store: {store}\n";
    }

    [Theory]
    [InlineData("PLANTON_RUNNER_CREDENTIALS_FILE")]
    [InlineData("PLANTON_RUNNER_CREDENTIALS")]
    public async Task WhenTheEnvironmentHasThem_TheStoreIsNotLookedInto(string variable)
    {
        Install(_cli.ProgramDirectory);
        _cli.Variables[variable] = "x";

        var result = await _cli.RunAsync("runner", "start", "prod-runner", "--org", "acme");

        Assert.Equal(0, result.ExitCode);
        // The runner compares what it was asked to be with what it finds.
        Assert.Equal(["start", "prod-runner", "--org", "acme"], _cli.Launcher.Arguments);
    }

    [Fact]
    public async Task WhenTheFlagAndTheEnvironmentDiffer_TheFlagWins()
    {
        Install(_cli.ProgramDirectory);
        _cli.Variables["PLANTON_RUNNER_CREDENTIALS_FILE"] = "other.json";

        await _cli.RunAsync("runner", "start", "--credentials-file", "c.json");

        Assert.Equal(["start", "--credentials-file", "c.json"], _cli.Launcher.Arguments);
    }

    [Fact]
    public async Task WhenARunnerOfTheStoreIsNamed_ItsFileIsPassedOn()
    {
        Install(_cli.ProgramDirectory);
        var file = Store("org/acme/runner/prod-runner");

        var result = await _cli.RunAsync("runner", "start", "prod-runner", "--org", "acme");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["start", "--credentials-file", file], _cli.Launcher.Arguments);
    }

    [Fact]
    public async Task WhenAPlatformRunnerIsNamed_NoOrganizationIsNeeded()
    {
        Install(_cli.ProgramDirectory);
        var file = Store("platform/runner/shared");

        await _cli.RunAsync("runner", "start", "shared", "--platform");

        Assert.Equal(["start", "--credentials-file", file], _cli.Launcher.Arguments);
    }

    [Theory]
    [InlineData("generate-credentials prod-runner --save", "prod-runner", "--org", "acme")]
    [InlineData("has no credentials of runner prod-runner", "prod-runner")]
    [InlineData("is not an organization's name", "prod-runner", "--org", "../../etc")]
    [InlineData("is not a runner's name", "../../etc", "--org", "acme")]
    [InlineData("no credentials are given")]
    public async Task WhenThereAreNoCredentials_TheWayToThemIsSaid(string message, params string[] arguments)
    {
        Install(_cli.ProgramDirectory);

        var result = await _cli.RunAsync(["runner", "start", .. arguments]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Null(_cli.Launcher.Program);
    }

    [Fact]
    public async Task WhenSeveralVersionsAreInstalled_TheNewestIsTaken()
    {
        Install(Path.Combine(_cli.PlantonHome, "bin", "1.9.0"));
        Install(Path.Combine(_cli.PlantonHome, "bin", "1.10.0-rc.1"));
        var newest = Install(Path.Combine(_cli.PlantonHome, "bin", "1.10.0"));
        Install(_cli.PathOf("onpath"));
        _cli.Variables["PATH"] = _cli.PathOf("onpath");

        await _cli.RunAsync("runner", "start", "--credentials-file", "c.json");

        Assert.Equal(newest, _cli.Launcher.Program);
    }

    [Fact]
    public async Task WhenNoneIsInstalled_PathIsSearched()
    {
        var program = Install(_cli.PathOf("onpath"));
        _cli.Variables["PATH"] = $"/nowhere{Path.PathSeparator}{_cli.PathOf("onpath")}";

        await _cli.RunAsync("runner", "start", "--credentials-file", "c.json");

        Assert.Equal(program, _cli.Launcher.Program);
    }

    [Fact]
    public async Task WhenTheProgramIsNowhere_TheMessageSaysWhereItWasLookedFor()
    {
        var result = await _cli.RunAsync("runner", "start", "--credentials-file", "c.json");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(_cli.ProgramDirectory, result.Error, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_cli.PlantonHome, "bin"), result.Error, StringComparison.Ordinal);
        Assert.Contains("PATH", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheProgramCannotBeExecuted_TheLauncherSaysWhy()
    {
        var file = _cli.PathOf("not-a-program");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<IOException>(() => new ExecProgramLauncher().RunAsync(file, ["start"], TestContext.Current.CancellationToken));

        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenAChildIsRun_ItsExitCodeIsPassedOn()
    {
        var exitCode = await new ChildProgramLauncher().RunAsync("/bin/sh", ["-c", "exit 7"], TestContext.Current.CancellationToken);

        Assert.Equal(7, exitCode);
        await Assert.ThrowsAsync<IOException>(() => new ChildProgramLauncher().RunAsync("/no/such/program", [], TestContext.Current.CancellationToken));
    }

    public void Dispose() => _cli.Dispose();

    private static string Install(string directory)
    {
        Directory.CreateDirectory(directory);
        var file = Path.Combine(directory, "planton-runner");
        File.WriteAllText(file, "");
        return file;
    }

    private string Store(string path)
    {
        var directory = Path.Combine(_cli.PlantonHome, path);
        Directory.CreateDirectory(directory);
        var file = Path.Combine(directory, "credentials.json");
        File.WriteAllText(file, "{}");
        return file;
    }
}
