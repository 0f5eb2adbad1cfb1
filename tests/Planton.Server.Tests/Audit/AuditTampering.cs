using Microsoft.EntityFrameworkCore;
using Planton.Api.Audit;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Audit;

/// <summary>Changes to the trail by a writer who can remove the database's triggers.</summary>
internal static class AuditTampering
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Runs statements on a database without its triggers.</summary>
    public static Task TamperAsync(this ServerFixture server, params string[] statements) => server.QueryAsync(async context =>
    {
        string[] triggers = server.IsPostgreSql
            ? ["ALTER TABLE audit_records DISABLE TRIGGER USER"]
            : ["DROP TRIGGER IF EXISTS audit_records_no_update", "DROP TRIGGER IF EXISTS audit_records_no_delete"];
        foreach (var statement in triggers.Concat(statements))
            await context.Database.ExecuteSqlRawAsync(statement, Cancellation);
        return 0;
    });

    public static Task<AuditVerification> VerifyAsync(this ServerFixture server) => server.Get<AuditVerifier>().VerifyAsync(Cancellation);

    /// <summary>Records numbered entries, one by one.</summary>
    public static async Task FillAsync(this ServerFixture server, int count)
    {
        for (var number = 1; number <= count; number++)
            await server.Get<IAuditLog>().RecordAsync(Entry(number), Cancellation);
    }

    /// <summary>Adds records to the trail as it is in the database, with the server's keys and without asking the server.</summary>
    public static Task ContinueAsync(this ServerFixture server, int count) => server.QueryAsync(async context =>
    {
        var head = await context.AuditHeads.SingleAsync(Cancellation);
        var (sequence, hash) = (head.Sequence, head.Hash);
        for (var number = 1; number <= count; number++)
        {
            var record = new AuditRecordEntity
            {
                Sequence = ++sequence, Time = DateTimeOffset.UnixEpoch.AddYears(56), OperationId = $"other-{number}", ActorKind = "system", ActorId = "",
                ActorName = "other", Action = "test.other", Resource = $"thing/{number}", Outcome = AuditOutcome.Allowed,
            };
            record.Hash = hash = AuditHash.Of(hash, record);
            context.AuditRecords.Add(record);
        }

        var signed = server.Get<AuditHeadSigner>().Sign(sequence, hash);
        await context.SaveChangesAsync(Cancellation);
        return await context.AuditHeads.ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Sequence, signed.Sequence).SetProperty(row => row.Hash, signed.Hash)
                .SetProperty(row => row.Signature, signed.Signature),
            Cancellation);
    });

    public static AuditEntry Entry(int number) => new()
    {
        OperationId = $"operation-{number}", Actor = Server.Audit.AuditActor.System, Action = "test.fill", Resource = $"thing/{number}",
        Outcome = AuditOutcome.Allowed, Detail = number % 2 == 0 ? null : "a detail",
    };
}
