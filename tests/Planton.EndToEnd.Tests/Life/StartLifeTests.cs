using System.Text.Json.Nodes;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Refusals;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.EndToEnd.Tests.Life;

/// <summary>How a runner finds its credentials, and what it says when it may not start.</summary>
public sealed class StartLifeTests(CommonInstallation common) : InstallationTest(common)
{
    [Fact]
    [Trait(RequirementTests.Trait, "S11")]
    [Trait(RequirementTests.Trait, "S12")]
    public async Task SavedCredentials_AreFoundByTheRunnersName_AmongSeveral()
    {
        foreach (var name in (string[])["saved-one", "saved-two"])
            await Installation.SucceedAsync("runner", "generate-credentials", name, "--save");
        var file = Store("saved-two");
        Assert.True(File.Exists(file), file);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        var line = await StartedAsync([], "saved-two", "--org", "default");

        Assert.Contains("'saved-two' of default", line, StringComparison.Ordinal);
        Assert.Contains(file, line, StringComparison.Ordinal);
    }

    [Fact]
    [Trait(RequirementTests.Trait, "S11")]
    [Trait(RequirementTests.Trait, "S12")]
    public async Task TheFlagWinsOverTheVariables_TheFileOverTheDocument_AndEachOverTheStore()
    {
        await Installation.SucceedAsync("runner", "generate-credentials", "stored", "--save");
        var (byFlag, byFile, byJson) =
            (await Installation.MakeCredentialsAsync("by-flag"), await Installation.MakeCredentialsAsync("by-file"), await Installation.MakeCredentialsAsync("by-json"));
        (string, string)[] json = [("PLANTON_RUNNER_CREDENTIALS", await File.ReadAllTextAsync(byJson, Token))];
        (string, string)[] both = [("PLANTON_RUNNER_CREDENTIALS_FILE", byFile), .. json];

        await SaysAsync("Credentials: --credentials-file ", both, "--credentials-file", byFlag);
        await SaysAsync("Credentials: the environment variable PLANTON_RUNNER_CREDENTIALS_FILE", both);
        await SaysAsync("Credentials: the environment variable PLANTON_RUNNER_CREDENTIALS", json);
        await SaysAsync("Credentials: the local store, ", [], "stored");
        Assert.Contains("'by-flag'", await StartedAsync(both, "--credentials-file", byFlag), StringComparison.Ordinal);
        Assert.Contains("'by-file'", await StartedAsync(both), StringComparison.Ordinal);
        Assert.Contains("'by-json'", await StartedAsync(json), StringComparison.Ordinal);
        Assert.Contains("'stored'", await StartedAsync([], "stored"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait(RequirementTests.Trait, "S13")]
    public async Task AFileThatOthersCanRead_IsRefused_WithTheCommandThatMendsIt()
    {
        var file = await Installation.MakeCredentialsAsync("exposed");
        if (OperatingSystem.IsWindows())
            Assert.Skip("file modes");
        else
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var refused = await Installation.PlantonAsync("runner", "start", "--credentials-file", file);

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains($"chmod 600 '{file}'", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait(RequirementTests.Trait, "S13")]
    public async Task EachStepThatIsRefused_IsNamed_AndEndsTheRunner()
    {
        var missing = await Installation.PlantonAsync("runner", "start", "--credentials-file", Installation.PathOf("not-there.json"));
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("not-there.json", missing.Error, StringComparison.Ordinal);

        var (tunnel, other) = (await Installation.MakeCredentialsAsync("by-steps"), CredentialsFile.Read(await Installation.MakeCredentialsAsync("other")));
        // A right certificate with another runner's key passes the first step and not the second.
        var mixed = JsonNode.Parse(await File.ReadAllTextAsync(tunnel, Token))!;
        mixed["apiKey"] = other.ApiKey;
        var wrongKey = await Installation.PlantonWithAsync([("PLANTON_RUNNER_CREDENTIALS", mixed.ToJsonString())], "runner", "start", "--health", "127.0.0.1:0");
        Assert.Equal(4, wrongKey.ExitCode);
        Assert.Contains("identity", wrongKey.Error, StringComparison.Ordinal);

        var id = CredentialsFile.Read(tunnel).Metadata!.Id!;
        await Installation.SucceedAsync("runner", "credentials", "revoke", "by-steps", id, "--yes");
        var revoked = await Installation.PlantonAsync("runner", "start", "--credentials-file", tunnel, "--health", "127.0.0.1:0");
        Assert.Equal(4, revoked.ExitCode);
        Assert.Contains("tunnel", revoked.Error, StringComparison.Ordinal);
        Assert.Contains("revoked", revoked.Error, StringComparison.Ordinal);
    }

    // A duration that is none ends the runner right after that.
    private async Task SaysAsync(string source, (string Name, string Value)[] environment, params string[] arguments)
    {
        var result = await Installation.PlantonWithAsync(
            environment, ["runner", "start", .. arguments, "--verbose", "--health", "127.0.0.1:0", "--start-timeout", "nonsense"]);
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith(source, result.Error, StringComparison.Ordinal);
    }

    private string Store(string runner) => Installation.PathOf($"planton-home/org/default/runner/{runner}/credentials.json");

    /// <summary>The line in which a runner that was started says who it is and where its credentials came from; it is stopped again.</summary>
    private async Task<string> StartedAsync((string Name, string Value)[] environment, params string[] arguments)
    {
        await using var runner = ProgramProcess.Start(
            ProgramFiles.Cli,
            ["runner", "start", .. arguments, "--health", "127.0.0.1:0", "--kubeconfig", RunnerKubeconfig.WriteForNowhere(Installation)],
            Installation.Variables(environment));
        await runner.WaitForLineAsync(line => line.Contains("Ready after", StringComparison.Ordinal), "its Ready line", TimeSpan.FromSeconds(60), Token);
        var said = runner.ErrorLines.Concat(runner.OutputLines).First(line => line.Contains("credentials from", StringComparison.Ordinal));
        runner.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await runner.WaitForExitAsync(TimeSpan.FromSeconds(30), Token));
        return said;
    }
}
