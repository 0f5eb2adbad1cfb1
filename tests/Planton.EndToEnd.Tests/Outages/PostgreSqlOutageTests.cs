using System.Diagnostics;
using System.Text.Json;
using Planton.Api;
using Planton.Api.Audit;
using Planton.EndToEnd.Tests.Installations;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Outages;

/// <summary>PostgreSQL goes away and comes back, in every way and again and again, under a control plane that is at work.</summary>
[Trait("Category", "Slow")]
public sealed class PostgreSqlOutageTests(ITestOutputHelper output)
{
    // What must happen within a second or three, on a machine that may be busy.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // How long it is away once the server has noticed: what the server does by itself has tried by then.
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(1.5);

    private static readonly string[] NoDatabase = ["the database cannot be reached", "the database does not answer", "the database is locked or too busy"];
    private static readonly int Rounds = TestSize.IsFull ? 5 : 1;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheServerStays_SaysWhatItCanDo_LosesNothing_AndGoesOnByItself()
    {
        await using var database = await OwnPostgreSql.StartAsync();
        await using var server = await ServerWithSettings.StartAsync(
            "127.0.0.1", [], ("PLANTON_SERVER_DATABASE", database.Url), ("PLANTON_SERVER_DATABASE_TIMEOUT", "3"));
        await using var readiness = new ReadinessLog(server);
        await using var load = await OutageLoad.StartAsync(server);
        await load.ProceedsAsync(Patience);
        foreach (var outage in Enumerable.Range(0, Rounds).SelectMany(_ => Enum.GetValues<PostgreSqlOutage>()))
        {
            output.WriteLine($"{outage}: {load.Answered} requests were answered, {load.Refusals.Count} refused");
            var (watch, next) = await load.WatchAsync();
            using (watch)
            {
                await BeginAsync(database, outage);
                await readiness.BecomesAsync(503, Soon, NoDatabase);
                var away = Stopwatch.GetTimestamp();
                var refused = load.IsRefusedAsync("not sent, ", Patience);
                await CommandSaysSoAsync(server);
                await refused;
                await Eventually.BecomesTrueAsync(() => Stopwatch.GetElapsedTime(away) > Away, "it is away for a while", cancellationToken: Token);
                await readiness.IsOnlyAsync(503, away);
                Assert.False(next.IsCompleted, "a watch was cut because the database was away");

                await EndAsync(database, outage);
                await readiness.BecomesAsync(200, Soon);
                await load.ProceedsAsync(Patience);
                Assert.False(next.IsCompleted, "a watch was cut when the database came back");
            }

            Assert.False(server.Process.HasExited, server.Process.Describe());
        }

        await load.EndAndCheckAsync();
        var verified = JsonSerializer.Deserialize(await server.SucceedAsync("audit", "verify", "-o", "json"), PlantonJson.Default.AuditVerification)!;
        Assert.Null(verified.FirstBad);
        Assert.DoesNotContain(server.Process.ErrorLines, line => line.Contains(OwnPostgreSql.Password, StringComparison.Ordinal));
        Assert.DoesNotContain(server.Process.ErrorLines, line => line.Contains(" fail: ", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal));
        server.Process.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await server.Process.WaitForExitAsync(Patience, Token));
    }

    private static async Task CommandSaysSoAsync(ServerWithSettings server)
    {
        var list = await server.PlantonAsync("runner", "list");
        Assert.Equal((1, ""), (list.ExitCode, list.Output));
        Assert.StartsWith("Error: not sent, the database could not be used: the database ", list.Error, StringComparison.Ordinal);
        Assert.Contains("Hint: Try again in 2 s. The control plane's log says more under operation ", list.Error, StringComparison.Ordinal);
    }

    private static async Task BeginAsync(OwnPostgreSql database, PostgreSqlOutage outage)
    {
        switch (outage)
        {
            case PostgreSqlOutage.Kill:
                await database.KillAsync();
                break;
            case PostgreSqlOutage.Pause:
                database.Pause();
                break;
            default:
                await database.StopAsync(outage == PostgreSqlOutage.StopImmediately);
                break;
        }
    }

    private static async Task EndAsync(OwnPostgreSql database, PostgreSqlOutage outage)
    {
        if (outage == PostgreSqlOutage.Pause)
            database.Continue();
        else
            await database.StartAgainAsync();
    }
}
