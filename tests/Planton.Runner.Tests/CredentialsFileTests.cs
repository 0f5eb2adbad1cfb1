using Planton.Runner.Credentials;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.Runner.Tests;

/// <summary>Who may read the credentials file, and what the program says when it cannot.</summary>
public sealed class CredentialsFileTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("0400", true)]
    [InlineData("0600", true)]
    [InlineData("0700", true)]
    [InlineData("0610", true)]
    [InlineData("0601", true)]
    [InlineData("0640", false)]
    [InlineData("0620", false)]
    [InlineData("0604", false)]
    [InlineData("0602", false)]
    [InlineData("0440", false)]
    [InlineData("0644", false)]
    [InlineData("0666", false)]
    [InlineData("0777", false)]
    public void OnlyTheOwnerMayReadOrWriteTheRunnersOwnFile(string octal, bool accepted)
    {
        var file = _folder.Write("credentials.json", "{}");
        Chmod(file, octal);
        var fault = CredentialsFilePermissions.Check(file);
        Assert.Equal(accepted, fault is null);
        if (accepted)
            return;
        Assert.Contains($"mode {octal}", fault, StringComparison.Ordinal);
        Assert.Contains($"chmod 600 '{file}'", fault, StringComparison.Ordinal);
        Assert.Equal(octal, Octal(file));
        Chmod(file, "0600");
        Assert.Null(CredentialsFilePermissions.Check(file));
    }

    [Fact]
    public void TheModeOfALinkIsThatOfItsFile()
    {
        var file = _folder.Write("data/credentials.json", "{}");
        var link = _folder.File("link.json");
        File.CreateSymbolicLink(link, file);
        Chmod(file, "0644");
        Assert.NotNull(CredentialsFilePermissions.Check(link));
        Chmod(file, "0600");
        Assert.Null(CredentialsFilePermissions.Check(link));
    }

    [Theory]
    [InlineData("0", "0644", "Step 1 of 2")]
    [InlineData("65534", "0644", "chmod 600")]
    [InlineData("65534", "0600", "Step 1 of 2")]
    [InlineData("0", "0600", "cannot be read by this user")]
    public async Task AnotherUsersReadableFileIsTaken_AsMountedSecretsAre_ButNotOnesOwn(string owner, string mode, string expected)
    {
        var file = _folder.Write("credentials.json", TestCredentials.Json(new TestCredentials(_authority).Document()));
        Chmod(file, mode);
        await ChownAsync(owner, file);
        await using var runner = AsNobody("--credentials-file", file, "--start-timeout", "1s");
        await runner.WaitForLineAsync(l => l.Contains(expected, StringComparison.Ordinal), expected, Limit, Cancel);
        Assert.Equal(expected == "Step 1 of 2" ? ExitCode.Unreachable : ExitCode.Configuration, await runner.WaitForExitAsync(Limit, Cancel));
        Assert.DoesNotContain(runner.ErrorLines, l => l.Contains("secretsecret", StringComparison.Ordinal) || l.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AStoreThatMayNotBeReadIsAnEmptyOneAndNoCrash()
    {
        Chmod(Directory.CreateDirectory(_folder.File("home/org/acme/runner")).Parent!.FullName, "0700");
        await using var runner = AsNobody();
        Assert.Equal(ExitCode.Configuration, await runner.WaitForExitAsync(Limit, Cancel));
        Assert.Contains("no credentials are given", runner.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStateDirectoryOfAnotherUserIsFoundAtTheStart()
    {
        var folder = Directory.CreateDirectory(_folder.File("state/x")).FullName;
        await using var runner = AsNobody("--state-dir", folder);
        Assert.Equal(ExitCode.Configuration, await runner.WaitForExitAsync(Limit, Cancel));
        Assert.Contains("is not a folder that the runner can write to", runner.ErrorLines[^1], StringComparison.Ordinal);
    }

    private ProgramProcess AsNobody(params string[] arguments)
    {
        const string SetPriv = "/usr/bin/setpriv";
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists(SetPriv), "needs root and setpriv, to run as another user");
        Chmod(_folder.FullName, "0755");
        var environment = new Dictionary<string, string?>
        {
            ["HOME"] = _folder.FullName,
            ["PLANTON_HOME"] = _folder.File("home/x")[..^2],
            ["DOTNET_EnableDiagnostics"] = "0",
            ["HTTPS_PROXY"] = null,
        };
        return ProgramProcess.Start(
            SetPriv, ["--reuid=65534", "--regid=65534", "--clear-groups", ProgramFiles.Runner, "start", "--health", "off", .. arguments], environment);
    }

    private static async Task ChownAsync(string owner, string file)
    {
        if (Environment.IsPrivilegedProcess)
            Assert.Equal(0, (await ProgramProcess.RunAsync("chown", [owner, file], cancellationToken: Cancel)).ExitCode);
    }

    private static void Chmod(string path, string octal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no modes");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(octal, 8));
    }

    private static string Octal(string path) =>
        OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), 8).PadLeft(4, '0');
}
