using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Planton.Api.Errors;
using Planton.Server.Hosting;
using Planton.Server.Storage;
using Planton.Server.Storage.Sqlite;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Hosting;

/// <summary>What readiness says, and what it costs.</summary>
public abstract class ReadinessTests(DatabaseKind database)
{
    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AHundredWhoAskAtOnceCostOneProbe()
    {
        var (server, contexts) = await FailingDatabase.StartAsync(database);
        await using var _ = server;
        var readiness = server.Get<Readiness>();
        Assert.Null(await readiness.AskAsync(Cancellation));
        readiness.Doubt();
        var before = contexts.Count;
        for (var turn = 0; turn < 5; turn++)
            Assert.All(await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => readiness.AskAsync(Cancellation))), Assert.Null);
        // A probe is two units of work. The server's own work goes on beside it.
        Assert.InRange(contexts.Count - before, 2, 8);
        Assert.Equal(1, await server.QueryAsync(context => context.Heartbeats.CountAsync(Cancellation)));
    }

    [Fact]
    public async Task ADatabaseThatHangs_KeepsNobodyWaitingForLong_AndIsReadyWhenItAnswers()
    {
        var (server, contexts) = await FailingDatabase.StartAsync(database);
        await using var _ = server;
        using var client = server.HttpClient();
        contexts.Close();
        server.Get<Readiness>().Doubt();
        var began = Stopwatch.GetTimestamp();
        Assert.Equal("the database does not answer", (await server.Get<Readiness>().AskAsync(Cancellation))?.Reason);
        Assert.InRange(Stopwatch.GetElapsedTime(began), Readiness.Limit * 0.5, Readiness.Limit * 2.5);
        // What hangs is known to hang.
        began = Stopwatch.GetTimestamp();
        using var ready = await client.GetAsync("healthz/ready", Cancellation);
        Assert.Equal("the database does not answer\n", await ready.Content.ReadAsStringAsync(Cancellation));
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Readiness.Limit);

        contexts.Release();
        await BecomesAsync(server, null);
    }

    [Fact]
    public async Task AFaultThatARequestMet_IsNotHiddenByAnEarlierAnswer()
    {
        var (server, contexts) = await FailingDatabase.StartAsync(database);
        await using var _ = server;
        var readiness = server.Get<Readiness>();
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                // Until both are within the second for which an answer holds.
                contexts.Failure = null;
                await readiness.AskAsync(Cancellation);
                contexts.Failure = new DatabaseFaultException(DatabaseFault.Unreachable);
                await Expect.ProblemAsync(ErrorCode.Unavailable, () => server.Admin.ListRunnersAsync("default", cancellationToken: Cancellation));
                return (await readiness.AskAsync(Cancellation))?.Reason == "the database cannot be reached";
            },
            "the fault is told", cancellationToken: Cancellation);
        contexts.Failure = null;
    }

    [Fact]
    public async Task AHeadOfTheTrailThatIsNotOurs_IsToldAtOnce()
    {
        await using var server = await ServerFixture.StartAsync(database: database);
        await server.QueryAsync(context => context.AuditHeads.ExecuteUpdateAsync(set => set.SetProperty(head => head.Signature, "forged"), Cancellation));
        await BecomesAsync(server, "the head of the audit trail is missing or was altered");
    }

    [Fact]
    public async Task AMasterKeyOfAnotherFolder_IsLookedAtThere()
    {
        using var elsewhere = new TemporaryFolder();
        var file = elsewhere.Write("key", Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray()));
        FileModes.Set(file, "600");
        await using var server = await ServerFixture.StartAsync(options => options with { MasterKeyFile = file }, database: database);
        await BecomesAsync(server, null);
        FileModes.Set(file, "644");
        await BecomesAsync(server, "the master key cannot be read");
        File.Delete(file);
        await BecomesAsync(server, "the master key is missing");
    }

    private protected static Task BecomesAsync(ServerFixture server, string? reason) => Eventually.BecomesTrueAsync(
        async () => (await server.Get<Readiness>().AskAsync(Cancellation))?.Reason == reason, $"ready: {reason ?? "yes"}", cancellationToken: Cancellation);

    private protected static async Task CannotWriteAsync(ServerFixture server, string reason)
    {
        var problem = await Expect.ProblemAsync(ErrorCode.Unavailable, () => server.Admin.RegisterRunnerAsync("default", "refused", Cancellation));
        Assert.Equal($"not sent, the change and its audit record could not be written: {reason}", problem.Detail);
        await BecomesAsync(server, reason);
    }
}

public sealed class ReadinessTestsOnSqlite() : ReadinessTests(DatabaseKind.Sqlite)
{
    [Fact]
    public async Task AReadOnlyDatabaseIsNamed_AndReadAllTheSame()
    {
        var queryOnly = new QueryOnly();
        await using var server = await ServerFixture.StartAsync(
            configure: builder => builder.Services.ConfigureDbContext<SqliteControlPlaneContext>(options => options.AddInterceptors(queryOnly)));
        queryOnly.IsOn = true;
        await CannotWriteAsync(server, "the database is read-only");
        Assert.Empty((await server.Admin.ListRunnersAsync("default", cancellationToken: Cancellation)).Items);
        queryOnly.IsOn = false;
        await BecomesAsync(server, null);
        await server.Admin.RegisterRunnerAsync("default", "again", Cancellation);
    }

    [Fact]
    public async Task WritersWaitForTheirTurn_AndNotForEver()
    {
        using var turn = new SqliteWriterTurn(TimeSpan.FromMilliseconds(50));
        var first = await turn.TakeAsync(Cancellation);
        var late = await Assert.ThrowsAsync<DatabaseFaultException>(async () => await turn.TakeAsync(Cancellation));
        Assert.Equal(DatabaseFault.Busy, late.Fault);
        first.Dispose();
        // What is ended twice is not two turns.
        first.Dispose();
        using var second = await turn.TakeAsync(Cancellation);
        await Assert.ThrowsAsync<DatabaseFaultException>(async () => await turn.TakeAsync(Cancellation));
    }

    private sealed class QueryOnly : DbConnectionInterceptor
    {
        public bool IsOn { get; set; }

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = IsOn ? "PRAGMA query_only = ON" : "PRAGMA query_only = OFF";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}

public sealed class ReadinessTestsOnPostgreSql() : ReadinessTests(DatabaseKind.PostgreSql)
{
    private const string EndOthers = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";

    [Fact]
    public async Task AReadOnlyDatabaseIsNamed_AndReadAllTheSame()
    {
        await using var server = await ServerFixture.StartAsync(database: DatabaseKind.PostgreSql);
        var name = await server.QueryAsync(context => Task.FromResult(context.Database.GetDbConnection().Database));
        await RunAsync(server, $"ALTER DATABASE \"{name}\" SET default_transaction_read_only = on");
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                try
                {
                    // That the sessions were ended is found out first.
                    await CannotWriteAsync(server, "the database is read-only");
                    return true;
                }
                catch (Xunit.Sdk.EqualException)
                {
                    return false;
                }
            },
            "it is read-only", cancellationToken: Cancellation);
        Assert.Empty((await server.Admin.ListRunnersAsync("default", cancellationToken: Cancellation)).Items);
        await RunAsync(server, "SET default_transaction_read_only = off", $"ALTER DATABASE \"{name}\" RESET default_transaction_read_only");
        await BecomesAsync(server, null);
    }

    [Fact]
    public async Task AWriterThatHoldsTheLock_IsABusyDatabase()
    {
        await using var server = await ServerFixture.StartAsync(options => options with { DatabaseTimeout = TimeSpan.FromSeconds(2) }, database: DatabaseKind.PostgreSql);
        await using (await ControlPlaneTransactions.BeginAsync(
            server.Get<IDbContextFactory<ControlPlaneContext>>(), Cancellation))
            await CannotWriteAsync(server, "the database is locked or too busy");
        await BecomesAsync(server, null);
    }

    // The setting is taken by sessions that begin after it: the server's own are ended.
    private static async Task RunAsync(ServerFixture server, params string[] commands)
    {
        await using var admin = new NpgsqlConnection(server.Get<ServerOptions>().Database!.ConnectionString + ";Pooling=false");
        await admin.OpenAsync(Cancellation);
        foreach (var text in commands.Append(EndOthers))
        {
            await using var command = admin.CreateCommand();
            command.CommandText = text;
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }
}
