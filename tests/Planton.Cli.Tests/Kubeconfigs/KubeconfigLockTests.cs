using Planton.Cli.Data;
using Planton.Cli.Data.Yaml;
using Planton.Cli.Files;
using Planton.Cli.Tests.Support;
using Planton.Testing;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.Cli.Tests.Kubeconfigs;

/// <summary>Several programs change one file at the same time, and nothing of any of them is lost.</summary>
public sealed class KubeconfigLockTests : IDisposable
{
    private const int Many = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly CliHarness _cli = new() { Clock = TimeProvider.System };

    private string File => _cli.PathOf("kube/config");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task SixProcessesAtOnce_AreAllInTheFile()
    {
        await using var server = await StartAsync();
        var environment = Environment(server);

        var results = await Task.WhenAll(Enumerable.Range(0, Many).Select(number => ProgramProcess.RunAsync(
            ProgramFiles.Cli, ["kubeconfig", $"c{number}", "--file", File], environment, timeout: Patience, cancellationToken: Cancel)));

        Assert.All(results, result => Assert.Equal((0, $"Wrote context"), (result.ExitCode, result.Error[..13])));
        Assert.Equal(Enumerable.Range(0, Many).Select(number => $"planton-acme-c{number}"), (await ContextsAsync(File)).Order(StringComparer.Ordinal));
        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public async Task TheLockIsKubectlsOwn()
    {
        var kubectl = RequiredTool.InFolderOf("KUBEBUILDER_ASSETS", "kubectl");
        await using var server = await StartAsync();
        await _cli.RunAsync("kubeconfig", "c0", "--file", File);

        var (held, _) = await FileLock.TakeAsync(File, TimeSpan.Zero, TimeProvider.System, Cancel);
        var refused = await SetContextAsync(kubectl);
        held!.Dispose();
        var done = await SetContextAsync(kubectl);
        await _cli.RunAsync("kubeconfig", "c1", "--file", File);

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains($"{File}.lock: file exists", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, done.ExitCode);
        Assert.Equal(["by-kubectl", "planton-acme-c0", "planton-acme-c1"], (await ContextsAsync(File)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ALockThatIsGivenBack_IsWaitedFor()
    {
        await using var server = await StartAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File + ".lock", "", Cancel);

        var run = _cli.RunAsync("kubeconfig", "c1", "--file", File);
        await Eventually.BecomesTrueAsync(() => server.Requests.Count == 2, "it has asked the server", cancellationToken: Cancel);
        Assert.False(System.IO.File.Exists(File));
        System.IO.File.Delete(File + ".lock");

        Assert.Equal(0, (await run).ExitCode);
        Assert.Equal(["planton-acme-c1"], await ContextsAsync(File));
    }

    [Fact]
    public async Task ALockThatStays_IsNamed_AndNothingIsWritten()
    {
        await using var server = await StartAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File + ".lock", "", Cancel);

        var result = await _cli.RunAsync("kubeconfig", "c1", "--file", File, "--lock-timeout", "0s");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{File} was not changed: {File}.lock has been there", result.Error, StringComparison.Ordinal);
        Assert.Contains($"rm '{File}.lock'", result.Error, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
        Assert.True(System.IO.File.Exists(File + ".lock"));
    }

    [Fact]
    public async Task ASymbolicLinkStays_AndWhatItLeadsToIsLockedToo()
    {
        await using var server = await StartAsync();
        var target = _cli.PathOf("real");
        await System.IO.File.WriteAllTextAsync(target, "kind: Config\n", Cancel);
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.CreateSymbolicLink(File, target);
        await System.IO.File.WriteAllTextAsync(target + ".lock", "", Cancel);

        var refused = await _cli.RunAsync("kubeconfig", "c1", "--file", File, "--lock-timeout", "0s");
        System.IO.File.Delete(target + ".lock");
        var done = await _cli.RunAsync("kubeconfig", "c1", "--file", File);

        Assert.Equal((1, 0), (refused.ExitCode, done.ExitCode));
        Assert.Equal(target, new FileInfo(File).LinkTarget);
        Assert.Equal(["planton-acme-c1"], await ContextsAsync(target));
        Assert.Equal([target], Directory.GetFiles(_cli.Home));
        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public async Task TheConfigurationKeepsEveryLogin_ThatHappensAtOnce()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => FakeControlPlane.StartAsync()));
        foreach (var server in servers)
            server.On("GET", "/api/v1/me", Samples.Caller("acme"));

        var results = await Task.WhenAll(servers.Select(server => ProgramProcess.RunAsync(
            ProgramFiles.Cli, ["auth", "login", "--server", server.Url, "--api-key", FakeControlPlane.ApiKey], Environment(null), timeout: Patience, cancellationToken: Cancel)));

        Assert.All(results, result => Assert.Equal(0, result.ExitCode));
        var document = YamlDataReader.Read(await System.IO.File.ReadAllTextAsync(_cli.ConfigFile, Cancel), out _)!;
        Assert.Equal(servers.Select(server => server.Url).Order(), document["servers"]!.Items.Select(item => item["url"]!.Text!).Order());
        foreach (var server in servers)
            await server.DisposeAsync();
    }

    private static async Task<string[]> ContextsAsync(string file) =>
        [.. YamlDataReader.Read(await System.IO.File.ReadAllTextAsync(file, Cancel), out _)!["contexts"]!.Items.Select((DataNode item) => item["name"]!.Text!)];

    private Task<ProgramResult> SetContextAsync(string kubectl) => ProgramProcess.RunAsync(
        kubectl, ["config", "--kubeconfig", File, "set-context", "by-kubectl", "--cluster", "c"], timeout: Patience, cancellationToken: Cancel);

    private Dictionary<string, string?> Environment(FakeControlPlane? server)
    {
        var variables = CleanEnvironment.Variables(_cli.Home);
        if (server is not null)
            (variables["PLANTON_SERVER"], variables["PLANTON_ORG"], variables["PLANTON_API_KEY"]) = (server.Url, "acme", FakeControlPlane.ApiKey);
        return variables;
    }

    private async Task<FakeControlPlane> StartAsync()
    {
        var server = await FakeControlPlane.StartAsync();
        for (var number = 0; number <= Many; number++)
            server.On("GET", $"/api/v1/organizations/acme/connections/c{number}", Samples.Connection($"c{number}"));
        server.On("GET", "/api/v1/server", Samples.Server());
        _cli.Using(server);
        return server;
    }
}
