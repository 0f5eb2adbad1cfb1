using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Planton.Server.Audit;
using Planton.Server.Organizations;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Audit;

/// <summary>Every record gets its place and hash where the order of commits is decided.</summary>
public abstract class AuditChainTests(SharedServer shared, DatabaseKind database) : SharedServerTest(shared)
{
    [Fact]
    public async Task RecordsOfTransactionsAndOfTheBatchWriterAreOneChain_UnderLoad()
    {
        var before = (await Server.VerifyAsync()).Records;
        var log = Server.Get<IAuditLog>();
        var alone = Enumerable.Range(0, 60).Select(number => log.RecordAsync(AuditTampering.Entry(number), Cancellation));
        var within = Enumerable.Range(0, 20).Select(number => Admin.RegisterRunnerAsync(Org, $"r{number}", Cancellation));
        await Task.WhenAll([.. alone, .. within]);
        var verification = await Server.VerifyAsync();
        Assert.True(verification.Ok, $"{verification.FirstBad}: {verification.Reason}");
        Assert.Equal(before + 80, verification.Records);
        Assert.Equal(before + 80, await Server.QueryAsync(context => context.AuditRecords.MaxAsync(record => record.Sequence, Cancellation)));
    }

    [Fact]
    public async Task WhenATransactionIsRolledBack_ItsRecordLeavesNoGap()
    {
        var before = (await Server.VerifyAsync()).Records;
        await Server.QueryAsync(async context =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(Cancellation);
            Server.Get<IAuditLog>().Append(context, AuditTampering.Entry(1));
            await context.SaveChangesAsync(Cancellation);
            await transaction.RollbackAsync(Cancellation);
            return 0;
        });
        await Server.FillAsync(1);
        var verification = await Server.VerifyAsync();
        Assert.Equal((true, before + 1), (verification.Ok, verification.Records));
    }

    [Fact]
    public async Task WhenTheChangeFails_TheRecordIsNotWrittenEither()
    {
        var before = (await Server.VerifyAsync()).Records;
        Server.Log.ExpectError(error => error.Text.Contains("INSERT", StringComparison.Ordinal) || error.Text.Contains("saving changes", StringComparison.Ordinal));
        await Assert.ThrowsAsync<DbUpdateException>(() => Server.QueryAsync(context =>
        {
            context.Organizations.Add(new OrganizationEntity { Id = ControlPlaneContext.NewId(), Name = Org, CreatedAt = DateTimeOffset.UnixEpoch });
            Server.Get<IAuditLog>().Append(context, AuditTampering.Entry(1));
            return context.SaveChangesAsync(Cancellation);
        }));
        Assert.Equal(before, (await Server.VerifyAsync()).Records);
    }

    [Fact]
    public async Task SeveralSavesOfOneTransactionAreChained_InTheOrderOfTheirAppends()
    {
        var before = (await Server.VerifyAsync()).Records;
        await Server.QueryAsync(async context =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(Cancellation);
            for (var number = 1; number <= 6; number++)
            {
                Server.Get<IAuditLog>().Append(context, AuditTampering.Entry(number));
                if (number % 3 == 0)
                    await context.SaveChangesAsync(Cancellation);
            }

            await transaction.CommitAsync(Cancellation);
            return 0;
        });
        Assert.True((await Server.VerifyAsync()).Ok);
        Assert.Equal(
            ["thing/1", "thing/2", "thing/3", "thing/4", "thing/5", "thing/6"],
            await Server.QueryAsync(context => context.AuditRecords
                .Where(r => r.Sequence > before).OrderBy(r => r.Sequence).Select(r => r.Resource).ToListAsync(Cancellation)));
    }

    [Fact]
    public async Task RecordsFromBeforeTheChainAreCoveredByTheFirstOneInIt()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await ServerFixture.StartInAsync(folder, database: database))
        {
            await server.FillAsync(3);
            await server.TamperAsync("UPDATE audit_records SET \"Hash\" = NULL", "DELETE FROM audit_records WHERE \"Sequence\" = 3", "DELETE FROM audit_head");
        }

        // From before the trail had a head, a folder has no mark of it either.
        File.Delete(Path.Combine(folder.Data, AuditMark.FileName));
        await File.WriteAllTextAsync(Path.Combine(folder.Data, DataDirectory.FirstStartName), "", Cancellation);
        await using var upgraded = await ServerFixture.StartInAsync(folder, database: database);
        await upgraded.FillAsync(2);
        Assert.Equal((true, 5), ((await upgraded.VerifyAsync()).Ok, (await upgraded.VerifyAsync()).Records));
        await upgraded.TamperAsync("UPDATE audit_records SET \"Resource\" = 'another' WHERE \"Sequence\" = 2");
        var found = await upgraded.VerifyAsync();
        Assert.Equal((false, 5), (found.Ok, found.FirstBad));
    }
}

public sealed class AuditChainTestsOnSqlite(OnSqlite shared) : AuditChainTests(shared, DatabaseKind.Sqlite), IClassFixture<OnSqlite>;

public sealed class AuditChainTestsOnPostgreSql(OnPostgreSql shared) : AuditChainTests(shared, DatabaseKind.PostgreSql), IClassFixture<OnPostgreSql>;
