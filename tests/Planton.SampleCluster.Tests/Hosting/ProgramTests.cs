using Planton.Testing;
using Planton.Testing.Processes;

namespace Planton.SampleCluster.Tests.Hosting;

public sealed class ProgramTests
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheProgramWritesAPrivateKubeconfig_SaysThatItIsReady_AndStopsOnSigterm()
    {
        using var folder = new TemporaryFolder();
        var kubeconfig = folder.File("sub/kubeconfig");
        var token = folder.Write("token", "0123456789abcdef0123456789\n");
        await using var program = Start("--kubeconfig-out", kubeconfig, "--token-file", token);
        var ready = await program.WaitForLineAsync(l => l.StartsWith("sample-cluster ready: https://127.0.0.1:", StringComparison.Ordinal), "ready", cancellationToken: _cancel);
        Assert.EndsWith($"kubeconfig: {kubeconfig}", ready, StringComparison.Ordinal);
        Assert.Contains("token: 0123456789abcdef0123456789", await File.ReadAllTextAsync(kubeconfig, _cancel), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kubeconfig));
        program.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await program.WaitForExitAsync(cancellationToken: _cancel));
        Assert.DoesNotContain(program.OutputLines.Concat(program.ErrorLines), l => l.Contains("0123456789abcdef", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--listen", "nowhere")]
    [InlineData("--token-file", "/nonexistent/token")]
    [InlineData("--bogus", "x")]
    public async Task WhatIsWrongOnTheCommandLineIsNamed(string flag, string value)
    {
        await using var program = Start(flag, value);
        Assert.NotEqual(0, await program.WaitForExitAsync(cancellationToken: _cancel));
        Assert.Contains(program.ErrorLines, l => l.Contains(flag, StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheHelpSaysThatItIsASample()
    {
        await using var program = Start("--help");
        Assert.Equal(0, await program.WaitForExitAsync(cancellationToken: _cancel));
        Assert.Contains("not Kubernetes", string.Join(' ', program.OutputLines), StringComparison.Ordinal);
    }

    private static ProgramProcess Start(params string[] arguments) =>
        ProgramProcess.Start(RepositoryTree.BuiltProgram("SampleCluster", "sample-cluster"), arguments);
}
