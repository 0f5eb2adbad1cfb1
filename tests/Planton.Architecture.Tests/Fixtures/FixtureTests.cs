using Microsoft.Extensions.Logging;
using Planton.Testing;
using Planton.Testing.Logging;
using Planton.Testing.Processes;
using Xunit.Sdk;

namespace Planton.Architecture.Tests.Fixtures;

public sealed class FixtureTests
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenAConditionNeverHolds_TheTimeoutNamesIt()
    {
        var error = await Assert.ThrowsAsync<TimeoutException>(
            () => Eventually.BecomesTrueAsync(() => false, "pigs fly", TimeSpan.FromMilliseconds(50), _cancel));
        Assert.Contains("pigs fly", error.Message, StringComparison.Ordinal);
        Assert.Contains("0.05 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenAConditionComesTrue_TheWaitEnds()
    {
        var looks = 0;
        await Eventually.BecomesTrueAsync(() => ++looks == 3, "the third look", cancellationToken: _cancel);
        Assert.Equal(3, looks);
    }

    [Fact]
    public void WhenAnErrorIsLoggedUnexpectedly_DisposeFails()
    {
        var logs = new TestLogs();
        logs.CreateLogger("A.B").Log(LogLevel.Error, 7, "boom", null, (s, _) => s);
        var error = Assert.ThrowsAny<XunitException>(logs.Dispose);
        Assert.Contains("boom", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenAnErrorIsExpected_DisposePasses_AndRecordsKeepEverything()
    {
        using var logs = new TestLogs();
        logs.ExpectError("A", "boom");
        logs.CreateLogger("A.B").Log(LogLevel.Error, new EventId(7, "Boom"), "boom", new InvalidOperationException("why"), (s, _) => s);
        var record = await logs.WaitForAsync(r => r.EventId.Id == 7, "boom", cancellationToken: _cancel);
        Assert.Equal(("A.B", LogLevel.Error, "boom", "Boom"), (record.Category, record.Level, record.Message, record.EventId.Name));
        Assert.Equal("why", record.Exception?.Message);
        Assert.Empty(logs.UnexpectedErrors);
    }

    [Fact]
    public void ATemporaryFolderIsPrivate_AndGoneAfterDispose()
    {
        string path;
        using (var folder = new TemporaryFolder())
        {
            path = folder.FullName;
            Assert.Equal("x", File.ReadAllText(folder.Write("a/b.txt", "x")));
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        }

        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public async Task AProgramsOutputAndExitCodeAreSeen()
    {
        await using var program = ProgramProcess.Start("/bin/sh", ["-c", "echo out $X; echo err >&2; exit 3"], new Dictionary<string, string?> { ["X"] = "1" });
        Assert.Equal("out 1", await program.WaitForLineAsync(l => l.StartsWith("out", StringComparison.Ordinal), "out", cancellationToken: _cancel));
        Assert.Equal(3, await program.WaitForExitAsync(cancellationToken: _cancel));
        Assert.Equal(["err"], program.ErrorLines);
    }

    [Fact]
    public async Task WhenAProgramEndsWithoutTheLine_TheWaitFailsAtOnceAndShowsWhatItPrinted()
    {
        await using var program = ProgramProcess.Start("/bin/sh", ["-c", "echo something else"]);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => program.WaitForLineAsync(l => l == "ready", "'ready'", cancellationToken: _cancel));
        Assert.Contains("'ready'", error.Message, StringComparison.Ordinal);
        Assert.Contains("something else", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AProgramCanBeFrozenAndTerminated()
    {
        await using var program = ProgramProcess.Start("/bin/sleep", ["60"]);
        Assert.True(program.ResidentMemoryBytes > 0);
        program.Signal(ProcessSignal.Stop);
        await Eventually.BecomesTrueAsync(() => State() == 'T', "the program is stopped", cancellationToken: _cancel);
        program.Signal(ProcessSignal.Continue);
        await Eventually.BecomesTrueAsync(() => State() != 'T', "the program goes on", cancellationToken: _cancel);
        program.Signal(ProcessSignal.Terminate);
        Assert.Equal(128 + 15, await program.WaitForExitAsync(cancellationToken: _cancel));

        char State() => File.ReadAllText($"/proc/{program.Id}/stat").Split(") ")[1][0];
    }

    [Fact]
    public async Task WhenARunTakesTooLong_ItIsKilledAndNamed()
    {
        var error = await Assert.ThrowsAsync<TimeoutException>(() => ProgramProcess.RunAsync(
            "/bin/sleep", ["60"], timeout: TimeSpan.FromMilliseconds(100), cancellationToken: _cancel));
        Assert.Contains("sleep 60", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARunGetsItsInputAndKeepsOutputExactly()
    {
        var result = await ProgramProcess.RunAsync("/bin/cat", [], input: "a\r\nb", cancellationToken: _cancel);
        Assert.Equal((0, "a\r\nb", ""), (result.ExitCode, result.Output, result.Error));
    }
}
