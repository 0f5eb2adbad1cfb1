using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Audit;

/// <summary>
/// An earlier state of the trail that is put back has a genuine head and a chain without a gap. It is found all the same: by the
/// check, by the next record and at the next start.
/// </summary>
public abstract class AuditRollbackTests(DatabaseKind database) : IDisposable
{
    // The bootstrap record and those of one filling; then twice of them.
    private const int Filled = 5;
    private const int Kept = 1 + Filled;
    private const int Seen = Kept + Filled;

    private readonly TemporaryFolder _folder = new();

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected TemporaryFolder Folder => _folder;

    private string Mark => Path.Combine(_folder.Data, "audit-mark.sealed");

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task ASavedHeadThatIsPutBack_IsFoundByTheCheck_AndNothingIsRecordedAnyMore()
    {
        await using var server = await FirstAsync();
        await RollBackAsync(server);

        var verification = await server.Admin.VerifyAuditAsync(Cancellation);

        Assert.False(verification.Ok, "the rollback was not found");
        Assert.Equal((Kept, Kept + 1), (verification.Records, verification.FirstBad));
        Assert.Contains($"put back to an earlier state: it ends at record {Kept}, and this server has seen record {Seen}", verification.Reason, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<AuditNotWrittenException>(() => server.FillAsync(1));
        Assert.Contains("put back to an earlier state", refused.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASavedHeadThatIsPutBack_EndsTheNextStart_WhichSaysHowToGoOn()
    {
        await using (var server = await FirstAsync())
            await RollBackAsync(server);

        var refused = await Assert.ThrowsAsync<StartupException>(NextAsync);

        Assert.Contains($"it ends at record {Kept}, and this server has seen record {Seen}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("backup", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"planton-server audit accept-rollback --data {_folder.Data}", refused.Message, StringComparison.Ordinal);
        // It stays refused: a start that fails takes nothing for granted.
        await Assert.ThrowsAsync<StartupException>(NextAsync);
    }

    [Fact]
    public async Task ATrailThatWentOnFromAnEarlierState_IsFound_ThoughItIsLonger()
    {
        await using (var server = await FirstAsync())
        {
            await RollBackAsync(server);
            // As the owner of the key would continue it elsewhere: genuine, and longer than what was seen.
            await server.ContinueAsync(2 * Filled);
            var verification = await server.Admin.VerifyAuditAsync(Cancellation);
            Assert.False(verification.Ok, "the other trail was not found");
            Assert.Equal(Seen, verification.FirstBad);
        }

        var refused = await Assert.ThrowsAsync<StartupException>(NextAsync);
        Assert.Contains($"does not follow from the one that this server has seen there: record {Seen + 1}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatWasCommittedAfterTheMarkWasWritten_IsTaken_AsAfterACrash()
    {
        byte[] before;
        await using (await FirstAsync())
            before = await File.ReadAllBytesAsync(Mark, Cancellation);
        await using (var server = await NextAsync())
            await server.FillAsync(Filled);
        await File.WriteAllBytesAsync(Mark, before, Cancellation);

        await using var next = await NextAsync();

        Assert.True((await next.VerifyAsync()).Ok);
        Assert.NotEqual(before, await File.ReadAllBytesAsync(Mark, Cancellation));
    }

    [Fact]
    public async Task WhatWasCommittedAfterTheMarkWasWritten_IsNotTaken_WhenItIsAltered()
    {
        byte[] before;
        await using (await FirstAsync())
            before = await File.ReadAllBytesAsync(Mark, Cancellation);
        await using (var server = await NextAsync())
        {
            await server.FillAsync(Filled);
            await server.TamperAsync("UPDATE audit_records SET \"ActorName\" = 'nobody' WHERE \"Sequence\" = 4");
        }

        await File.WriteAllBytesAsync(Mark, before, Cancellation);

        var refused = await Assert.ThrowsAsync<StartupException>(NextAsync);
        Assert.Contains("record 4: its hash does not fit it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMarkThatWasAltered_EndsTheNextStart()
    {
        await using (await FirstAsync())
        {
        }

        await File.WriteAllTextAsync(Mark, "altered", Cancellation);
        var refused = await Assert.ThrowsAsync<StartupException>(NextAsync);
        Assert.Contains("audit-mark.sealed was altered", refused.Message, StringComparison.Ordinal);
    }

    private protected async Task<ServerFixture> FirstAsync()
    {
        await ServerTemplate.CopyToAsync(_folder, database);
        return await NextAsync();
    }

    private protected Task<ServerFixture> NextAsync() => ServerFixture.StartInAsync(_folder, database: database);

    // By somebody who saved the head's row, and may write to the database.
    private static async Task RollBackAsync(ServerFixture server)
    {
        await server.FillAsync(Filled);
        var head = await server.QueryAsync(context => context.AuditHeads.AsNoTracking().SingleAsync(Cancellation));
        await server.FillAsync(Filled);
        await server.TamperAsync(
            $"""DELETE FROM audit_records WHERE "Sequence" > {head.Sequence}""",
            $"""UPDATE audit_head SET "Sequence" = {head.Sequence}, "Hash" = '{head.Hash}', "Signature" = '{head.Signature}'""");
    }
}

public sealed class AuditRollbackTestsOnSqlite() : AuditRollbackTests(DatabaseKind.Sqlite)
{
    [Fact]
    public async Task WithoutItsMark_TheFilesDatabaseIsNotTaken()
    {
        await using (await FirstAsync())
        {
        }

        File.Delete(Path.Combine(Folder.Data, "audit-mark.sealed"));
        var refused = await Assert.ThrowsAsync<StartupException>(NextAsync);
        Assert.Contains("audit-mark.sealed is missing", refused.Message, StringComparison.Ordinal);
    }
}

public sealed class AuditRollbackTestsOnPostgreSql() : AuditRollbackTests(DatabaseKind.PostgreSql)
{
    // As a second server of the same database begins.
    [Fact]
    public async Task AFolderWithoutAMark_TakesTheDatabaseAsItIs_AndKeepsAMarkFromThenOn()
    {
        await using (await FirstAsync())
        {
        }

        var mark = Path.Combine(Folder.Data, "audit-mark.sealed");
        File.Delete(mark);
        await using var next = await NextAsync();
        Assert.True(File.Exists(mark));
        Assert.Contains("There is no audit-mark.sealed yet", next.Log.Text, StringComparison.Ordinal);
    }
}
