using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Life;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.EndToEnd.Tests.Identity;

/// <summary>A runner whose own kubeconfig holds references alone: address, authority and token are secrets and variables of its organization.</summary>
public sealed class ResolvedSecretsTests(CommonInstallation common) : InstallationTest(common)
{
    private const string First = "first-value-of-the-token-4711";
    private const string Second = "second-value-of-the-token-0815";
    private const string Name = "referring";

    // A runner asks again after 60 s; one that has just started asks at once.
    private static readonly bool WaitsForChange = TestSize.IsFull;
    private static readonly TimeSpan ChangeIsSeenWithin = TimeSpan.FromSeconds(75);

    private readonly List<string> _said = [];

    [Fact]
    [Trait(RequirementTests.Trait, "S27")]
    public async Task TheTarget_IsShownTheSecretsValue_ThenTheChangedOne_AndADeletedOneIsAClearError_WithTheValueInNoLog()
    {
        await using var target = await TlsTarget.StartAsync();
        await SetSecretAsync("cluster", "token", First);
        await SetSecretAsync("authority", "ca", target.CertificatePem);
        await Installation.SucceedAsync("variable", "set", "cluster-address", target.Url);
        var runner = await StartRunnerAsync();
        await Installation.ConnectAsync(Name, Name);

        Assert.Equal((0, "No resources found in default namespace.\n"), await GetPodsAsync());
        Assert.Equal($"Bearer {First}", Assert.Single(target.Credentials));

        await SetSecretAsync("cluster", "token", Second);
        await SeesChangeAsync(runner, async () => await GetPodsAsync() is (0, _) && target.Credentials.Last() == $"Bearer {Second}", "the target is shown the changed token");
        Assert.All(target.Credentials.SkipLast(1), shown => Assert.Equal($"Bearer {First}", shown));

        var reached = target.Credentials.Count;
        await Installation.SucceedAsync("secret", "delete", "cluster", "--yes");
        var refused = (ExitCode: 0, Said: "");
        await SeesChangeAsync(runner, async () =>
        {
            reached = target.Credentials.Count;
            refused = await GetPodsAsync();
            return refused.ExitCode != 0;
        }, "the deleted secret is missed");

        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("Error: runner \"referring\" could not reach the target: ", refused.Said, StringComparison.Ordinal);
        Assert.Contains("cannot resolve 1 of 3 reference(s): $secret/cluster/token: there is no such secret", refused.Said, StringComparison.Ordinal);
        Assert.Contains("planton secret list --org default", refused.Said, StringComparison.Ordinal);
        Assert.Equal(reached, target.Credentials.Count);
        Assert.Equal(1, (await Installation.PlantonAsync("connection", "test", Name)).ExitCode);
        await AssertNowhereAsync(runner);
    }

    [Fact]
    public async Task AnAuthorityThatIsNotTheTargets_KeepsTheTokenFromIt()
    {
        await using var target = await TlsTarget.StartAsync();
        await using var other = await TlsTarget.StartAsync();
        await SetSecretAsync("wrong-authority", "ca", other.CertificatePem);
        await SetSecretAsync("withheld", "token", First);
        var kubeconfig = Kubeconfig("distrusting", target.Url, "$secret/wrong-authority/ca", "$secret/withheld/token");
        await Installation.StartRunnerAsync("distrusting", kubeconfig);
        await Installation.ConnectAsync("distrusting", "distrusting");

        var refused = await Installation.PlantonAsync("kubectl", "get", "pods", "--connection", "distrusting");

        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("certificate", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(First, refused.Error, StringComparison.Ordinal);
        Assert.Empty(target.Credentials);
    }

    private async Task<RunnerProgram> StartRunnerAsync()
    {
        var kubeconfig = Kubeconfig(Name, "$var/cluster-address", "$secret/authority", "$secret/cluster/token");
        var runner = Installation.Own(RunnerProgram.Launch(
            Installation.Home, await Installation.MakeCredentialsAsync(Name), "--kubeconfig", kubeconfig, "--log-level", "debug", "--verbose"));
        await runner.ReadyAsync();
        return runner;
    }

    private async Task SeesChangeAsync(RunnerProgram runner, Func<Task<bool>> sees, string what)
    {
        if (!WaitsForChange)
        {
            _said.AddRange([.. runner.Process.OutputLines, .. runner.Process.ErrorLines]);
            await runner.StartAgainAsync();
            Assert.True(await sees(), $"{what}, by a runner that has just started");
            return;
        }

        await Eventually.BecomesTrueAsync(sees, what, ChangeIsSeenWithin, Token);
    }

    private async Task<(int ExitCode, string Said)> GetPodsAsync()
    {
        var result = await Installation.PlantonAsync("kubectl", "get", "pods", "--connection", Name, "--verbose");
        _said.AddRange([result.Output, result.Error]);
        return (result.ExitCode, result.Error);
    }

    /// <summary>Neither value is in what the three programs said, nor in a file or in the trail of the server.</summary>
    private async Task AssertNowhereAsync(RunnerProgram runner)
    {
        var trail = await Installation.SucceedAsync("audit", "list", "-o", "json", "--limit", "1000");
        Assert.Contains("runner-referring", trail, StringComparison.Ordinal);
        string[] said =
        [
            .. _said, .. runner.Process.OutputLines, .. runner.Process.ErrorLines,
            .. Installation.Server.Process.OutputLines, .. Installation.Server.Process.ErrorLines, trail,
        ];
        Assert.NotEmpty(runner.Process.ErrorLines);
        foreach (var value in (string[])[First, Second])
        {
            Assert.DoesNotContain(said, text => text.Contains(value, StringComparison.Ordinal));
            foreach (var file in Directory.EnumerateFiles(Installation.Home, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
            {
                Assert.False((await ReadAsync(file)).Contains(value, StringComparison.Ordinal), $"{file} holds the value");
            }
        }
    }

    // Other tests write to the folder too, and remove files.
    private static async Task<string> ReadAsync(string file)
    {
        try
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var text = new StreamReader(stream, System.Text.Encoding.Latin1);
            return await text.ReadToEndAsync(Token);
        }
        catch (FileNotFoundException)
        {
            return "";
        }
    }

    private string Kubeconfig(string name, string server, string authority, string token)
    {
        var file = Installation.PathOf($"{name}-references.yaml");
        File.WriteAllText(file, $$"""
            apiVersion: v1
            kind: Config
            clusters: [{ name: c, cluster: { server: "{{server}}", certificate-authority-data: {{authority}} } }]
            users: [{ name: u, user: { token: {{token}} } }]
            contexts: [{ name: x, context: { cluster: c, user: u } }]
            current-context: x
            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    // From standard input: a value in an argument is in the shell's history.
    private async Task SetSecretAsync(string name, string key, string value)
    {
        var set = await ProgramProcess.RunAsync(
            ProgramFiles.Cli, ["secret", "set", name, "--key", key, "--verbose"], Installation.Variables(), value, cancellationToken: Token);
        Assert.True(set.ExitCode == 0, set.ToString());
        _said.AddRange([set.Output, set.Error]);
    }
}
