using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Audit;

/// <summary>Records that are asked for together are written together, and no call returns before its record is.</summary>
public abstract class GroupCommitTests(SharedServer shared) : SharedServerTest(shared)
{
    private AuditLog _log = null!;
    private long _before;

    private protected GatedContexts Contexts { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Contexts = new GatedContexts(Server.Get<IDbContextFactory<ControlPlaneContext>>());
        _log = new AuditLog(Contexts, TimeProvider.System);
        _before = await Server.QueryAsync(context => context.AuditRecords.MaxAsync(record => record.Sequence, Cancellation));
    }

    public override async ValueTask DisposeAsync()
    {
        _log?.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task ARecordIsOnDiskWhenTheCallReturns()
    {
        await RecordAsync(1);
        Assert.Equal([1], await WrittenAsync());
    }

    [Fact]
    public async Task WhileOneIsWritten_TheRestGatherIntoOneTransaction_InTheOrderOfTheirCalls()
    {
        var all = await GatherAsync(100);
        Assert.All(all, task => Assert.False(task.IsCompleted, "it returned before its record was written"));
        Contexts.Release();
        await Task.WhenAll(all);
        Assert.Equal(2, Contexts.Count);
        Assert.Equal(Enumerable.Range(0, 100), await WrittenAsync());
    }

    [Fact]
    public async Task OneTransactionHasABound()
    {
        var all = await GatherAsync(1 + AuditLog.MaxBatch + 1);
        Contexts.Release();
        await Task.WhenAll(all);
        Assert.Equal(3, Contexts.Count);
        Assert.Equal(Enumerable.Range(0, AuditLog.MaxBatch + 2), await WrittenAsync());
    }

    [Fact]
    public async Task AFailureReachesEveryCallerOfTheBatch_AndTheNextBatchIsWritten()
    {
        var all = await GatherAsync(20);
        Contexts.Failure = new IOException("no disk");
        Contexts.Release();
        foreach (var task in all)
        {
            var refused = await Assert.ThrowsAsync<AuditNotWrittenException>(() => task);
            Assert.Equal("no disk", refused.InnerException!.Message);
        }

        Contexts.Failure = null;
        await RecordAsync(99);
        Assert.Equal([99], await WrittenAsync());
    }

    [Fact]
    public async Task ACallCancelledBeforeItsTurn_IsNotWritten_AndDelaysNoOther()
    {
        Contexts.Close();
        var first = RecordAsync(0);
        await Contexts.EnteredAsync();
        using var gone = new CancellationTokenSource();
        var second = RecordAsync(1, gone.Token);
        var third = RecordAsync(2);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Contexts.Release();
        await Task.WhenAll(first, third);
        Assert.Equal([0, 2], await WrittenAsync());
    }

    [Fact]
    public async Task WhenTheWritersCallIsCancelled_TheOthersAreStillWritten()
    {
        Contexts.Close();
        using var gone = new CancellationTokenSource();
        var writer = RecordAsync(0, gone.Token);
        await Contexts.EnteredAsync();
        var other = RecordAsync(1);
        await gone.CancelAsync();
        Contexts.Release();
        await other;
        await writer;
        Assert.Equal([0, 1], await WrittenAsync());
    }

    [Fact]
    public async Task ACancelledCallLeavesNoRecord()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RecordAsync(1, new CancellationToken(canceled: true)));
        await RecordAsync(2);
        Assert.Equal([2], await WrittenAsync());
    }

    [Fact]
    public async Task WhenTheDiskFallsBehind_MoreIsRefusedAtOnce_AndWhatWaitsIsWritten()
    {
        Contexts.Close();
        var all = new List<Task> { RecordAsync(0) };
        await Contexts.EnteredAsync();
        all.AddRange(Enumerable.Range(1, AuditLog.MaxWaiting).Select(number => RecordAsync(number)));
        var refused = await Assert.ThrowsAsync<AuditNotWrittenException>(() => RecordAsync(-1));
        Assert.Contains("behind", refused.Message, StringComparison.Ordinal);
        Contexts.Release();
        await Task.WhenAll(all);
        Assert.Equal(Enumerable.Range(0, AuditLog.MaxWaiting + 1), await WrittenAsync());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(64)]
    public async Task FromManyThreadsAtOnce_EachRecordIsThereOnce(int callers)
    {
        var each = 640 / callers;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(
            async () =>
            {
                for (var turn = 0; turn < each; turn++)
                {
                    var number = (caller * each) + turn;
                    await RecordAsync(number);
                    var id = number.ToString(CultureInfo.InvariantCulture);
                    Assert.True(await Server.QueryAsync(context => context.AuditRecords.AnyAsync(record => record.Sequence > _before && record.OperationId == id, Cancellation)));
                }
            },
            Cancellation)));
        var written = await WrittenAsync();
        Assert.Equal(Enumerable.Range(0, callers * each), written.Order());
        // Of one caller the later is after the earlier.
        Assert.All(written.GroupBy(number => number / each), own => Assert.Equal(own.Order(), own));
        Assert.True(callers == 2 || Contexts.Count < 640, "64 callers shared no transaction");
    }

    // The first stands at the gate with its transaction; the rest wait behind it.
    private protected async Task<Task[]> GatherAsync(int count)
    {
        Contexts.Close();
        var first = RecordAsync(0);
        await Contexts.EnteredAsync();
        return [first, .. Enumerable.Range(1, count - 1).Select(number => RecordAsync(number))];
    }

    private Task RecordAsync(int number, CancellationToken? cancellation = null) => _log.RecordAsync(
        new AuditEntry
        {
            OperationId = number.ToString(CultureInfo.InvariantCulture),
            Actor = AuditActor.System,
            Action = "test",
            Resource = "thing/1",
            Outcome = AuditOutcome.Allowed,
        },
        cancellation ?? Cancellation);

    private protected Task<List<int>> WrittenAsync() => Server.QueryAsync(async context =>
    {
        var ids = await context.AuditRecords.Where(record => record.Sequence > _before && record.Action == "test").OrderBy(record => record.Sequence)
            .Select(record => record.OperationId).ToListAsync(Cancellation);
        return ids.ConvertAll(id => int.Parse(id, CultureInfo.InvariantCulture));
    });
}

public sealed class GroupCommitTestsOnSqlite(OnSqlite shared) : GroupCommitTests(shared), IClassFixture<OnSqlite>
{
    // The trigger is written for SQLite.
    [Fact]
    public async Task WhenTheDatabaseRefusesOneOfABatch_NoneOfItIsWrittenAndNoneSucceeds()
    {
        await Server.QueryAsync(context => context.Database.ExecuteSqlRawAsync(
            "CREATE TRIGGER not_13 BEFORE INSERT ON audit_records WHEN NEW.OperationId = '13' BEGIN SELECT RAISE(ABORT, 'refused'); END", Cancellation));
        Server.Log.ExpectError(line => line.Text.Contains("EntityFrameworkCore", StringComparison.Ordinal));
        var all = await GatherAsync(20);
        Contexts.Release();
        await all[0];
        foreach (var task in all[1..])
            await Assert.ThrowsAsync<AuditNotWrittenException>(() => task);
        Assert.Equal([0], await WrittenAsync());
        await Server.QueryAsync(context => context.Database.ExecuteSqlRawAsync("DROP TRIGGER not_13", Cancellation));
    }
}

public sealed class GroupCommitTestsOnPostgreSql(OnPostgreSql shared) : GroupCommitTests(shared), IClassFixture<OnPostgreSql>;
