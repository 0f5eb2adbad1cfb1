using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Audit;

/// <summary>Records that are asked for together are written together, and nobody is told so before they are.</summary>
public sealed class GroupCommitTests : IAsyncLifetime
{
    private ServerFixture _server = null!;
    private GatedContexts _contexts = null!;
    private AuditLog _log = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerFixture.StartAsync();
        _contexts = new GatedContexts(_server.Get<IDbContextFactory<ControlPlaneContext>>());
        _log = new AuditLog(_contexts, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _log.Dispose();
        await _server.DisposeAsync();
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
        _contexts.Release();
        await Task.WhenAll(all);
        Assert.Equal(2, _contexts.Count);
        Assert.Equal(Enumerable.Range(0, 100), await WrittenAsync());
    }

    [Fact]
    public async Task OneTransactionHasABound()
    {
        var all = await GatherAsync(1 + AuditLog.MaxBatch + 1);
        _contexts.Release();
        await Task.WhenAll(all);
        Assert.Equal(3, _contexts.Count);
        Assert.Equal(Enumerable.Range(0, AuditLog.MaxBatch + 2), await WrittenAsync());
    }

    [Fact]
    public async Task AFailureReachesEveryCallerOfTheBatch_AndTheNextBatchIsWritten()
    {
        var all = await GatherAsync(20);
        _contexts.Failure = new IOException("no disk");
        _contexts.Release();
        foreach (var task in all)
        {
            var refused = await Assert.ThrowsAsync<AuditNotWrittenException>(() => task);
            Assert.Equal("no disk", refused.InnerException!.Message);
        }

        _contexts.Failure = null;
        await RecordAsync(99);
        Assert.Equal([99], await WrittenAsync());
    }

    [Fact]
    public async Task WhenTheDatabaseRefusesOneOfABatch_NoneOfItIsWrittenAndNoneSucceeds()
    {
        await _server.QueryAsync(context => context.Database.ExecuteSqlRawAsync(
            "CREATE TRIGGER not_13 BEFORE INSERT ON audit_records WHEN NEW.OperationId = '13' BEGIN SELECT RAISE(ABORT, 'unlucky'); END", Cancellation));
        _server.Log.ExpectError(line => line.Text.Contains("EntityFrameworkCore", StringComparison.Ordinal));
        var all = await GatherAsync(20);
        _contexts.Release();
        await all[0];
        foreach (var task in all[1..])
            await Assert.ThrowsAsync<AuditNotWrittenException>(() => task);
        Assert.Equal([0], await WrittenAsync());
    }

    [Fact]
    public async Task WhoGoesAwayBeforeItIsWritten_IsNotWritten_AndHoldsUpNobody()
    {
        _contexts.Close();
        var first = RecordAsync(0);
        await _contexts.EnteredAsync();
        using var gone = new CancellationTokenSource();
        var second = RecordAsync(1, gone.Token);
        var third = RecordAsync(2);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        _contexts.Release();
        await Task.WhenAll(first, third);
        Assert.Equal([0, 2], await WrittenAsync());
    }

    [Fact]
    public async Task WhenTheOneWhoWritesGoesAway_TheOthersAreStillWritten()
    {
        _contexts.Close();
        using var gone = new CancellationTokenSource();
        var writer = RecordAsync(0, gone.Token);
        await _contexts.EnteredAsync();
        var other = RecordAsync(1);
        await gone.CancelAsync();
        _contexts.Release();
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
        _contexts.Close();
        var all = new List<Task> { RecordAsync(0) };
        await _contexts.EnteredAsync();
        all.AddRange(Enumerable.Range(1, AuditLog.MaxWaiting).Select(number => RecordAsync(number)));
        var refused = await Assert.ThrowsAsync<AuditNotWrittenException>(() => RecordAsync(-1));
        Assert.Contains("behind", refused.Message, StringComparison.Ordinal);
        _contexts.Release();
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
                    Assert.True(await _server.QueryAsync(context => context.AuditRecords.AnyAsync(record => record.OperationId == id, Cancellation)));
                }
            },
            Cancellation)));
        var written = await WrittenAsync();
        Assert.Equal(Enumerable.Range(0, callers * each), written.Order());
        // Of one caller the later is after the earlier.
        Assert.All(written.GroupBy(number => number / each), own => Assert.Equal(own.Order(), own));
        Assert.True(callers == 2 || _contexts.Count < 640, "64 callers shared no transaction");
    }

    // The first stands at the gate with its transaction; the rest wait behind it.
    private async Task<Task[]> GatherAsync(int count)
    {
        _contexts.Close();
        var first = RecordAsync(0);
        await _contexts.EnteredAsync();
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

    private Task<List<int>> WrittenAsync() => _server.QueryAsync(async context =>
    {
        var ids = await context.AuditRecords.Where(record => record.Action == "test").OrderBy(record => record.Sequence)
            .Select(record => record.OperationId).ToListAsync(Cancellation);
        return ids.ConvertAll(id => int.Parse(id, CultureInfo.InvariantCulture));
    });
}
