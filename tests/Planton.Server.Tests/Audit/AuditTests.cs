using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Audit;

public abstract class AuditTests(SharedServer shared) : SharedServerTest(shared)
{
    [Fact]
    public async Task EveryChangeIsRecordedOnceWithWhoAndWhat_AndReadsAreNot()
    {
        var (before, platformRunner) = (await LastAsync(), UniqueName("shared"));
        var (acme, _) = await NewOrganizationAsync("acme");
        await Admin.RegisterRunnerAsync(Org, "prod", Cancellation);
        await Admin.CreateConnectionAsync(Org, new CreateConnectionRequest { Name = "eks", Kind = "kubernetes", Runner = "prod" }, Cancellation);
        await Admin.ListConnectionsAsync(Org, Cancellation);
        await Admin.GetRunnerAsync(Org, "prod", Cancellation);
        await Admin.TestConnectionAsync(Org, "eks", Cancellation);
        await Admin.DeleteConnectionAsync(Org, "eks", Cancellation);
        await Admin.DeleteOrganizationAsync(acme, Cancellation);
        await Admin.RegisterRunnerAsync(null, platformRunner, Cancellation);
        var records = await Server.QueryAsync(context => context.AuditRecords.Where(record => record.Sequence > before).OrderBy(record => record.Sequence).ToListAsync(Cancellation));
        Assert.Equal(
            [
                $"organization.create organization/{acme}", "runner.register runner/prod",
                "connection.create connection/eks", "connection.test connection/eks", "connection.delete connection/eks",
                $"organization.delete organization/{acme}", $"runner.register platform/runner/{platformRunner}",
            ],
            records.Select(record => $"{record.Action} {record.Resource}"));
        Assert.All(records, record =>
        {
            Assert.Equal(("user", "admin", AuditOutcome.Allowed, Server.AdminKey[4..16]), (record.ActorKind, record.ActorName, record.Outcome, record.ApiKeyId));
            Assert.Equal("127.0.0.1", record.SourceAddress);
            Assert.True(Guid.TryParse(record.OperationId, out _));
        });
        Assert.Null(records[^1].OrganizationId);
    }

    [Fact]
    public async Task TheRecordIsKnownByTheIdThatTheClientGot()
    {
        using var client = Server.HttpClient(Server.AdminKey);
        using var response = await client.PostAsync($"api/v1/organizations/{Org}/runners/prod/credentials", null, Cancellation);
        var id = Assert.Single(response.Headers.GetValues("Planton-Operation-Id"));
        Assert.Equal(2, await Server.QueryAsync(context => context.AuditRecords.CountAsync(record => record.OperationId == id, Cancellation)));
    }

    [Fact]
    public async Task ARefusedLookIntoAForeignOrganizationIsRecordedWithTheNameTried()
    {
        var name = UniqueName("kim");
        var kim = Server.Client(await Server.AddUserAsync(name));
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => kim.ListConnectionsAsync(Org, Cancellation));
        var record = await Server.QueryAsync(context => context.AuditRecords.SingleAsync(record => record.ActorName == name, Cancellation));
        Assert.Equal((AuditOutcome.Denied, ErrorCode.OrganizationNotFound, "connection.list"), (record.Outcome, record.Code, record.Action));
        Assert.Contains($"organization/{Org}", record.Resource, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheDatabaseItselfRefusesToChangeARecord()
    {
        var before = await LastAsync();
        foreach (var statement in new[] { "UPDATE audit_records SET \"ActorName\" = 'nobody'", "DELETE FROM audit_records" })
        {
            var refused = await Assert.ThrowsAnyAsync<DbException>(
                () => Server.QueryAsync(context => context.Database.ExecuteSqlRawAsync(statement, Cancellation)));
            Assert.Contains("only ever added", refused.Message, StringComparison.Ordinal);
        }

        Server.Log.ExpectError(error => error.Text.Contains("audit_records", StringComparison.Ordinal));
        Assert.Equal(before, await Server.QueryAsync(context => context.AuditRecords.LongCountAsync(record => record.ActorName != "nobody", Cancellation)));
    }

    [Fact]
    public async Task LongTextsAreTruncated()
    {
        var before = await LastAsync();
        await Server.Get<IAuditLog>().RecordAsync(
            new AuditEntry
            {
                OperationId = "1", Actor = AuditActor.Anonymous, Action = "a", Outcome = AuditOutcome.Denied,
                Resource = new string('r', 100_000), Detail = new string('d', 100_000),
            },
            Cancellation);
        var record = await Server.QueryAsync(context => context.AuditRecords.SingleAsync(record => record.Sequence > before && record.Action == "a", Cancellation));
        Assert.Equal((2049, 2049), (record.Resource.Length, record.Detail!.Length));
    }

    // The place of the last record, which is also how many there are.
    private Task<long> LastAsync() => Server.QueryAsync(context => context.AuditRecords.MaxAsync(record => record.Sequence, Cancellation));
}

public sealed class AuditTestsOnSqlite(OnSqlite shared) : AuditTests(shared), IClassFixture<OnSqlite>;

public sealed class AuditTestsOnPostgreSql(OnPostgreSql shared) : AuditTests(shared), IClassFixture<OnPostgreSql>;
