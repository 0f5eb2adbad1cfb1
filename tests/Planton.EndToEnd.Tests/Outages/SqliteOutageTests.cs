using System.Diagnostics;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Planton.Api;
using Planton.Api.Audit;
using Planton.EndToEnd.Tests.Installations;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Outages;

/// <summary>What the data folder of a control plane at work can suffer.</summary>
[Trait("Category", "Slow")]
public sealed class SqliteOutageTests
{
    // The server looks by itself every 5 s, and readiness is asked here ten times a second.
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenTheDiskIsFull_NothingIsSent_AndItGoesOnWhenThereIsRoom()
    {
        await using var disk = await SmallDisk.MountAsync(32, Token);
        await using var server = await ServerWithSettings.StartInAsync(Path.Combine(disk.FullName, "data"), "127.0.0.1", []);
        await SufferAsync(server, "the disk of the data folder is full", () => Do(disk.Fill), () => Do(disk.Empty), async load =>
        {
            await load.IsRefusedAsync("not sent, the audit record could not be written: the disk of the data folder is full", Patience);
            var register = await server.PlantonAsync("runner", "register", "no-room");
            Assert.Equal((1, ""), (register.ExitCode, register.Output));
            Assert.StartsWith("Error: not sent, the change and its audit record could not be written: the disk of the data folder is full", register.Error, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task WhenAnotherProgramLocksTheDatabase_NothingIsSent_AndItGoesOnWhenTheLockIsGone()
    {
        await using var server = await ServerWithSettings.StartAsync("127.0.0.1", [], ("PLANTON_SERVER_DATABASE_TIMEOUT", "2"));
        await using var other = new SqliteConnection($"Data Source={Path.Combine(server.Data, "planton.db")};Pooling=False");
        await other.OpenAsync(Token);
        SqliteTransaction? held = null;
        await SufferAsync(
            server, "the database is locked or too busy", () => Do(() => held = other.BeginTransaction(deferred: false)), async () => await held!.DisposeAsync(),
            async load =>
            {
                await load.IsRefusedAsync("not sent, the audit record could not be written: the database is locked or too busy", Patience);
                // Whoever waits for the lock takes no thread from the others.
                var began = Stopwatch.GetTimestamp();
                Assert.Equal((200, "ok\n"), await server.ReadAsync("healthz/live"));
                Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(2));
            });
    }

    [Fact]
    public async Task WhenTheDatabaseFileIsMovedAway_NothingIsWrittenToIt_AndItGoesOnWhenTheFileIsBack()
    {
        await using var server = await ServerWithSettings.StartAsync("127.0.0.1", []);
        var file = Path.Combine(server.Data, "planton.db");
        await SufferAsync(
            server, "the database is missing or cannot be opened", () => Do(() => File.Move(file, file + ".away")), () => Do(() => File.Move(file + ".away", file)),
            load => load.IsRefusedAsync("not sent, ", Patience));
    }

    [Fact]
    public async Task WhenTheDatabaseFileIsDeleted_ItIsNoticedAndLogged_AndNothingIsWrittenAnyMore()
    {
        await using var server = await ServerWithSettings.StartAsync("127.0.0.1", []);
        await using var readiness = new ReadinessLog(server);
        // Nobody asks for anything but readiness: it is noticed all the same.
        File.Delete(Path.Combine(server.Data, "planton.db"));
        await readiness.BecomesAsync(503, Noticed, "the database is missing or cannot be opened");
        await Eventually.BecomesTrueAsync(
            () => server.Process.ErrorLines.Any(line => line.Contains("Not ready: the database is missing or cannot be opened", StringComparison.Ordinal)),
            "it is logged", Noticed, Token);
        var register = await server.PlantonAsync("runner", "register", "nowhere");
        Assert.Equal((1, ""), (register.ExitCode, register.Output));
        Assert.StartsWith("Error: not sent, ", register.Error, StringComparison.Ordinal);
        Assert.Contains("the database is missing or cannot be opened", register.Error, StringComparison.Ordinal);
        server.Process.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await server.Process.WaitForExitAsync(Patience, Token));
    }

    [Fact]
    public async Task WhenTheMasterKeyIsGone_OrAnother_ItIsNotReady()
    {
        await using var server = await ServerWithSettings.StartAsync("127.0.0.1", []);
        await using var readiness = new ReadinessLog(server);
        await readiness.BecomesAsync(200, Noticed);
        var file = Path.Combine(server.Data, "master-key");
        File.Move(file, file + ".away");
        await readiness.BecomesAsync(503, Noticed, "the master key is missing");
        await File.WriteAllTextAsync(file, "damaged", Token);
        await readiness.BecomesAsync(503, Noticed, "the master key cannot be read");
        await File.WriteAllTextAsync(file, Convert.ToBase64String(new byte[32]), Token);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await readiness.BecomesAsync(503, Noticed, "the master key in its file is another one than is in use");
        File.Move(file + ".away", file, overwrite: true);
        await readiness.BecomesAsync(200, Noticed);
        await Eventually.BecomesTrueAsync(
            () => server.Process.ErrorLines.Any(line => line.Contains("Ready again after ", StringComparison.Ordinal)), "it is logged", Noticed, Token);
    }

    private static async Task SufferAsync(
        ServerWithSettings server, string reason, Func<Task> begin, Func<Task> end, Func<OutageLoad, Task> meanwhile)
    {
        await using var readiness = new ReadinessLog(server);
        await using var load = await OutageLoad.StartAsync(server);
        await load.ProceedsAsync(Patience);
        var (watch, next) = await load.WatchAsync();
        using (watch)
        {
            await begin();
            await readiness.BecomesAsync(503, Noticed, reason);
            var away = Stopwatch.GetTimestamp();
            await meanwhile(load);
            await readiness.IsOnlyAsync(503, away);

            await end();
            await readiness.BecomesAsync(200, Noticed);
            await load.ProceedsAsync(Patience);
            Assert.False(next.IsCompleted, "a watch was cut");
        }

        Assert.False(server.Process.HasExited, server.Process.Describe());
        await load.EndAndCheckAsync();
        var verified = JsonSerializer.Deserialize(await server.SucceedAsync("audit", "verify", "-o", "json"), PlantonJson.Default.AuditVerification)!;
        Assert.Null(verified.FirstBad);
        Assert.DoesNotContain(server.Process.ErrorLines, line => line.Contains(" fail: ", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal));
        server.Process.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await server.Process.WaitForExitAsync(Patience, Token));
    }

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
