using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Planton.Server.Audit;
using Planton.Server.Organizations;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Audit;

/// <summary>Every record gets its place and hash where the order of commits is decided.</summary>
public sealed class AuditChainTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void TheHashIsOverTheDocumentedBytes()
    {
        var record = new AuditRecordEntity
        {
            Sequence = 7, Time = DateTimeOffset.FromUnixTimeMilliseconds(1234), OperationId = "o", ActorKind = "user", ActorId = "1",
            ActorName = "kim", Action = "a.b", Resource = "ä", Outcome = "allowed",
        };
        using var bytes = new MemoryStream();
        bytes.Write("planton-audit-1\n"u8);
        bytes.Write(new byte[32]);
        foreach (var field in new[] { "7", "1234", "o", null, "user", "1", "kim", null, "a.b", "ä", "allowed", null, null, null })
        {
            var text = field is null ? [] : Encoding.UTF8.GetBytes(field);
            bytes.Write(field is null ? [255, 255, 255, 255] : [0, 0, 0, (byte)text.Length]);
            bytes.Write(text);
        }

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())), AuditHash.Of(AuditHash.Genesis, record));
    }

    [Fact]
    public async Task RecordsOfTransactionsAndOfTheBatchWriterAreOneChain_UnderLoad()
    {
        await using var server = await ServerFixture.StartAsync();
        var log = server.Get<IAuditLog>();
        var alone = Enumerable.Range(0, 60).Select(number => log.RecordAsync(AuditTampering.Entry(number), Cancellation));
        var within = Enumerable.Range(0, 20).Select(number => server.Admin.RegisterRunnerAsync("default", $"r{number}", Cancellation));
        await Task.WhenAll([.. alone, .. within]);
        var verification = await server.VerifyAsync();
        Assert.True(verification.Ok, $"{verification.FirstBad}: {verification.Reason}");
        Assert.Equal(81, verification.Records);
        Assert.Equal(81, await server.QueryAsync(context => context.AuditRecords.MaxAsync(record => record.Sequence, Cancellation)));
    }

    [Fact]
    public async Task WhenATransactionIsRolledBack_ItsRecordLeavesNoGap()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.QueryAsync(async context =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(Cancellation);
            server.Get<IAuditLog>().Append(context, AuditTampering.Entry(1));
            await context.SaveChangesAsync(Cancellation);
            await transaction.RollbackAsync(Cancellation);
            return 0;
        });
        await server.FillAsync(1);
        var verification = await server.VerifyAsync();
        Assert.Equal((true, 2), (verification.Ok, verification.Records));
    }

    [Fact]
    public async Task WhenTheChangeFails_TheRecordIsNotWrittenEither()
    {
        await using var server = await ServerFixture.StartAsync();
        server.Log.ExpectError(error => error.Text.Contains("INSERT", StringComparison.Ordinal) || error.Text.Contains("saving changes", StringComparison.Ordinal));
        await Assert.ThrowsAsync<DbUpdateException>(() => server.QueryAsync(context =>
        {
            context.Organizations.Add(new OrganizationEntity { Id = ControlPlaneContext.NewId(), Name = "default", CreatedAt = DateTimeOffset.UnixEpoch });
            server.Get<IAuditLog>().Append(context, AuditTampering.Entry(1));
            return context.SaveChangesAsync(Cancellation);
        }));
        Assert.Equal(1, (await server.VerifyAsync()).Records);
    }

    [Fact]
    public async Task SeveralSavesOfOneTransactionAreChained_InTheOrderOfTheirAppends()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.QueryAsync(async context =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(Cancellation);
            for (var number = 1; number <= 6; number++)
            {
                server.Get<IAuditLog>().Append(context, AuditTampering.Entry(number));
                if (number % 3 == 0)
                    await context.SaveChangesAsync(Cancellation);
            }

            await transaction.CommitAsync(Cancellation);
            return 0;
        });
        Assert.True((await server.VerifyAsync()).Ok);
        Assert.Equal(
            ["thing/1", "thing/2", "thing/3", "thing/4", "thing/5", "thing/6"],
            await server.QueryAsync(context => context.AuditRecords.OrderBy(r => r.Sequence).Skip(1).Select(r => r.Resource).ToListAsync(Cancellation)));
    }

    [Fact]
    public async Task RecordsFromBeforeTheChainAreVouchedForByTheFirstOneInIt()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await ServerFixture.StartInAsync(folder))
        {
            await server.FillAsync(3);
            await server.TamperAsync("UPDATE audit_records SET \"Hash\" = NULL", "DELETE FROM audit_records WHERE \"Sequence\" = 3", "DELETE FROM audit_head");
        }

        await using var upgraded = await ServerFixture.StartInAsync(folder);
        await upgraded.FillAsync(2);
        Assert.Equal((true, 5), ((await upgraded.VerifyAsync()).Ok, (await upgraded.VerifyAsync()).Records));
        await upgraded.TamperAsync("UPDATE audit_records SET \"Resource\" = 'another' WHERE \"Sequence\" = 2");
        var found = await upgraded.VerifyAsync();
        Assert.Equal((false, 5), (found.Ok, found.FirstBad));
    }
}
