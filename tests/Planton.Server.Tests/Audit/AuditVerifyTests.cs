using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Audit;

/// <summary>Every change made to the trail behind the server's back is found, and where it begins.</summary>
public abstract class AuditVerifyTests(SharedServer shared, DatabaseKind database) : IAsyncLifetime
{
    // The bootstrap record and these.
    private const int Filled = 9;
    private const int Last = Filled + 1;

    private const string Columns =
        "\"Time\", \"OperationId\", \"ActorKind\", \"ActorId\", \"ActorName\", \"Action\", \"Resource\", \"Outcome\"";

    private ServerFixture _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await shared.GetAsync();
        _server.BeginTest();
        if (await _server.QueryAsync(context => context.AuditRecords.LongCountAsync(Cancellation)) == Last)
            return;
        // The class's first test: the trail is kept, and put back after each test.
        await _server.FillAsync(Filled);
        await _server.TamperAsync(
            "CREATE TABLE kept_records AS SELECT * FROM audit_records", "CREATE TABLE kept_head AS SELECT * FROM audit_head");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is null)
            return;
        await _server.TamperAsync(
            "DELETE FROM audit_records", "INSERT INTO audit_records SELECT * FROM kept_records",
            "DELETE FROM audit_head", "INSERT INTO audit_head SELECT * FROM kept_head");
        GC.SuppressFinalize(this);
        _server.Log.AssertNoUnexpectedErrors();
    }

    [Fact]
    public async Task AnUntouchedTrailIsOk_AndItsHeadIsTheLastRecordsHash()
    {
        var verification = await _server.VerifyAsync();
        Assert.True(verification.Ok, verification.Reason);
        Assert.Equal((Last, null, null), (verification.Records, verification.FirstBad, verification.Reason));
        Assert.Equal(await _server.QueryAsync(context => context.AuditRecords.Where(r => r.Sequence == Last).Select(r => r.Hash).SingleAsync(Cancellation)), verification.Head);
    }

    [Theory]
    [InlineData("Resource", "'thing/other'")]
    [InlineData("Outcome", "'denied'")]
    [InlineData("ActorName", "'somebody'")]
    [InlineData("Time", "\"Time\" + 1")]
    [InlineData("OrganizationId", "'x'")]
    [InlineData("Code", "''")]
    [InlineData("Detail", "'other'")]
    [InlineData("SourceAddress", "'10.0.0.1'")]
    [InlineData("ApiKeyId", "'key'")]
    [InlineData("Hash", "NULL")]
    [InlineData("Hash", "'0000'")]
    public async Task AnEditedFieldIsFoundAtItsRecord(string column, string value)
    {
        await _server.TamperAsync($"""UPDATE audit_records SET "{column}" = {value} WHERE "Sequence" = 5""");
        await BadAsync(5, 4);
    }

    [Fact]
    public async Task ARemovedRecordIsFound()
    {
        await _server.TamperAsync("""DELETE FROM audit_records WHERE "Sequence" IN (4, 5)""");
        Assert.Contains("records 4 to 5 are missing", await BadAsync(4, 3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheFirstRecordRemovedIsFound()
    {
        await _server.TamperAsync("""DELETE FROM audit_records WHERE "Sequence" = 1""");
        await BadAsync(2, 0);
    }

    [Fact]
    public async Task ATruncatedEndIsFound()
    {
        await _server.TamperAsync("""DELETE FROM audit_records WHERE "Sequence" > 7""");
        Assert.Contains("records 8 to 10 are missing", await BadAsync(8, 7), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATruncatedEndIsFound_WhenTheHeadWasSetBackWithIt()
    {
        await _server.TamperAsync(
            """DELETE FROM audit_records WHERE "Sequence" > 7""",
            """UPDATE audit_head SET "Sequence" = 7, "Hash" = (SELECT "Hash" FROM audit_records WHERE "Sequence" = 7)""");
        Assert.Contains("head of the trail was altered", await BadAsync(null, 0), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmptiedTrailIsFound()
    {
        await _server.TamperAsync("DELETE FROM audit_records");
        await BadAsync(1, 0);
    }

    [Fact]
    public async Task TheHeadRemovedIsFound()
    {
        await _server.TamperAsync("DELETE FROM audit_head");
        Assert.Contains("head of the trail is missing", await BadAsync(null, 0), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoRecordsInEachOthersPlaceAreFound()
    {
        await _server.TamperAsync(
            """UPDATE audit_records SET "Sequence" = 1000 WHERE "Sequence" = 5""",
            """UPDATE audit_records SET "Sequence" = 5 WHERE "Sequence" = 6""",
            """UPDATE audit_records SET "Sequence" = 6 WHERE "Sequence" = 1000""");
        await BadAsync(5, 4);
    }

    [Fact]
    public async Task ARecordAddedBeyondTheHeadIsFound()
    {
        await _server.TamperAsync($"""INSERT INTO audit_records ("Sequence", {Columns}) SELECT 11, {Columns} FROM audit_records WHERE "Sequence" = 10""");
        Assert.Contains("beyond the signed head", await BadAsync(11, 10), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARecordPutInARemovedOnesPlaceIsFound()
    {
        await _server.TamperAsync(
            """DELETE FROM audit_records WHERE "Sequence" = 5""",
            $"""INSERT INTO audit_records ("Sequence", "Hash", {Columns}) SELECT 5, "Hash", {Columns} FROM audit_records WHERE "Sequence" = 4""");
        await BadAsync(5, 4);
    }

    [Fact]
    public async Task ARewrittenTrailWithValidHashesIsFound_BecauseItsHeadCannotBeSigned()
    {
        var records = await _server.QueryAsync(context => context.AuditRecords.AsNoTracking().OrderBy(r => r.Sequence).ToListAsync(Cancellation));
        var statements = new List<string> { """UPDATE audit_records SET "ActorName" = 'somebody' WHERE "Sequence" = 3""" };
        var hash = records[1].Hash!;
        foreach (var record in records.Skip(2))
        {
            var forged = record.Sequence == 3 ? Renamed(record) : record;
            hash = AuditHash.Of(hash, forged);
            statements.Add($"""UPDATE audit_records SET "Hash" = '{hash}' WHERE "Sequence" = {record.Sequence}""");
        }

        await _server.TamperAsync([.. statements]);
        Assert.Contains("written anew", await BadAsync(Last, Last), StringComparison.Ordinal);
        await _server.TamperAsync($"""UPDATE audit_head SET "Hash" = '{hash}'""");
        await BadAsync(null, 0);
    }

    [Fact]
    public async Task WhenTheHeadWasAltered_NothingIsRecordedAnyMore_AndTheServerDoesNotStart()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await ServerFixture.StartInAsync(folder, database: database))
        {
            await server.TamperAsync("""UPDATE audit_head SET "Sequence" = 0""");
            var refused = await Assert.ThrowsAsync<AuditNotWrittenException>(() => server.FillAsync(1));
            Assert.Contains("altered", refused.InnerException!.Message, StringComparison.Ordinal);
        }

        var notStarted = await Assert.ThrowsAsync<StartupException>(() => ServerFixture.StartInAsync(folder, database: database));
        Assert.Contains("audit verify", notStarted.Message, StringComparison.Ordinal);
    }

    private static AuditRecordEntity Renamed(AuditRecordEntity record) => new()
    {
        Sequence = record.Sequence, Time = record.Time, OperationId = record.OperationId, OrganizationId = record.OrganizationId,
        ActorKind = record.ActorKind, ActorId = record.ActorId, ActorName = "somebody", ApiKeyId = record.ApiKeyId, Action = record.Action,
        Resource = record.Resource, Outcome = record.Outcome, Code = record.Code, Detail = record.Detail, SourceAddress = record.SourceAddress,
    };

    private async Task<string> BadAsync(long? first, long sound)
    {
        var verification = await _server.VerifyAsync();
        Assert.False(verification.Ok, "the change was not found");
        Assert.Equal((first, sound), (verification.FirstBad, verification.Records));
        Assert.Null(verification.Head);
        return verification.Reason!;
    }
}

public sealed class AuditVerifyTestsOnSqlite(OnSqlite shared) : AuditVerifyTests(shared, DatabaseKind.Sqlite), IClassFixture<OnSqlite>;

public sealed class AuditVerifyTestsOnPostgreSql(OnPostgreSql shared) : AuditVerifyTests(shared, DatabaseKind.PostgreSql), IClassFixture<OnPostgreSql>;
