using System.Data.Common;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Audit;

public sealed class AuditTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryChangeIsRecordedOnceWithWhoAndWhat_AndReadsAreNot()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateOrganizationAsync("acme", Cancellation);
        await server.Admin.RegisterRunnerAsync("default", "prod", Cancellation);
        await server.Admin.CreateConnectionAsync("default", new CreateConnectionRequest { Name = "eks", Kind = "kubernetes", Runner = "prod" }, Cancellation);
        await server.Admin.ListConnectionsAsync("default", Cancellation);
        await server.Admin.GetRunnerAsync("default", "prod", Cancellation);
        await server.Admin.TestConnectionAsync("default", "eks", Cancellation);
        await server.Admin.DeleteConnectionAsync("default", "eks", Cancellation);
        await server.Admin.DeleteOrganizationAsync("acme", Cancellation);
        await server.Admin.RegisterRunnerAsync(null, "shared", Cancellation);
        var records = await server.QueryAsync(context => context.AuditRecords.OrderBy(record => record.Sequence).ToListAsync(Cancellation));
        Assert.Equal(
            [
                "server.bootstrap user/admin", "organization.create organization/acme", "runner.register runner/prod",
                "connection.create connection/eks", "connection.test connection/eks", "connection.delete connection/eks",
                "organization.delete organization/acme", "runner.register platform/runner/shared",
            ],
            records.Select(record => $"{record.Action} {record.Resource}"));
        Assert.All(records.Skip(1), record =>
        {
            Assert.Equal(("user", "admin", AuditOutcome.Allowed, server.AdminKey[4..16]), (record.ActorKind, record.ActorName, record.Outcome, record.ApiKeyId));
            Assert.Equal("127.0.0.1", record.SourceAddress);
            Assert.True(Guid.TryParse(record.OperationId, out _));
        });
        Assert.Null(records[^1].OrganizationId);
    }

    [Fact]
    public async Task TheRecordIsKnownByTheIdThatTheClientGot()
    {
        await using var server = await ServerFixture.StartAsync();
        using var client = server.HttpClient(server.AdminKey);
        using var response = await client.PostAsync("api/v1/organizations/default/runners/prod/credentials", null, Cancellation);
        var id = Assert.Single(response.Headers.GetValues("Planton-Operation-Id"));
        Assert.Equal(2, await server.QueryAsync(context => context.AuditRecords.CountAsync(record => record.OperationId == id, Cancellation)));
    }

    [Fact]
    public async Task ARefusedLookIntoAForeignOrganizationIsRecordedWithTheNameTried()
    {
        await using var server = await ServerFixture.StartAsync();
        var kim = server.Client(await server.AddUserAsync("kim"));
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => kim.ListConnectionsAsync("default", Cancellation));
        var record = await server.QueryAsync(context => context.AuditRecords.SingleAsync(record => record.ActorName == "kim", Cancellation));
        Assert.Equal((AuditOutcome.Denied, ErrorCode.OrganizationNotFound, "connection.list"), (record.Outcome, record.Code, record.Action));
        Assert.Contains("organization/default", record.Resource, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheDatabaseItselfRefusesToChangeARecord()
    {
        await using var server = await ServerFixture.StartAsync();
        foreach (var statement in new[] { "UPDATE audit_records SET \"ActorName\" = 'nobody'", "DELETE FROM audit_records" })
        {
            var refused = await Assert.ThrowsAnyAsync<DbException>(
                () => server.QueryAsync(context => context.Database.ExecuteSqlRawAsync(statement, Cancellation)));
            Assert.Contains("only ever added", refused.Message, StringComparison.Ordinal);
        }

        server.Log.ExpectError(error => error.Text.Contains("audit_records", StringComparison.Ordinal));
        Assert.Equal(1, await server.QueryAsync(context => context.AuditRecords.CountAsync(Cancellation)));
    }

    [Fact]
    public async Task WhenTheRecordCannotBeWritten_NothingIsDone()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.RegisterRunnerAsync("default", "edge", Cancellation);
        await server.Admin.CreateConnectionAsync("default", new CreateConnectionRequest { Name = "eks", Kind = "kubernetes", Runner = "edge" }, Cancellation);
        await server.QueryAsync(context => context.Database.ExecuteSqlRawAsync("ALTER TABLE audit_records RENAME TO elsewhere", Cancellation));
        server.Log.ExpectError(error => error.Text.Contains("audit_records", StringComparison.Ordinal) || error.Text.Contains("(operation ", StringComparison.Ordinal));
        var tested = false;
        server.Tester.Test = _ =>
        {
            tested = true;
            return Task.FromResult<IReadOnlyList<ConnectionTestStage>>([]);
        };
        Func<Task>[] calls =
        [
            () => server.Admin.CreateOrganizationAsync("acme", Cancellation),
            () => server.Admin.RegisterRunnerAsync("default", "prod", Cancellation),
            () => server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation),
            () => server.Admin.CreateConnectionAsync("default", new CreateConnectionRequest { Name = "aks", Kind = "kubernetes" }, Cancellation),
            () => server.Admin.DeleteConnectionAsync("default", "eks", Cancellation),
            () => server.Admin.TestConnectionAsync("default", "eks", Cancellation),
        ];
        foreach (var call in calls)
            await Expect.ProblemAsync(ErrorCode.Internal, call);
        Assert.False(tested, "the target was reached without a record");
        Assert.Single((await server.Admin.ListOrganizationsAsync(Cancellation)).Items);
        Assert.Equal("edge", Assert.Single((await server.Admin.ListRunnersAsync("default", cancellationToken: Cancellation)).Items).Name);
        Assert.Equal("eks", Assert.Single((await server.Admin.ListConnectionsAsync("default", Cancellation)).Items).Name);
        Assert.Equal(1, await server.QueryAsync(context => context.ApiKeys.CountAsync(Cancellation)));
    }

    [Fact]
    public async Task LongTextsAreCut()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Get<IAuditLog>().RecordAsync(
            new AuditEntry
            {
                OperationId = "1", Actor = AuditActor.Anonymous, Action = "a", Outcome = AuditOutcome.Denied,
                Resource = new string('r', 100_000), Detail = new string('d', 100_000),
            },
            Cancellation);
        var record = await server.QueryAsync(context => context.AuditRecords.SingleAsync(record => record.Action == "a", Cancellation));
        Assert.Equal((2049, 2049), (record.Resource.Length, record.Detail!.Length));
    }

    [Fact]
    public async Task AFailedAuthenticationThatCannotBeRecordedIsStillRefused()
    {
        await using var server = await ServerFixture.StartAsync(
            configure: builder => builder.Services.AddSingleton<IAuditLog>(provider =>
                new FailingAfterStart(new AuditLog(provider.GetRequiredService<IDbContextFactory<ControlPlaneContext>>(), TimeProvider.System))));
        var key = await server.AddUserAsync("kim", expiresAt: TimeProvider.System.GetUtcNow().AddDays(-1));
        server.Log.ExpectError(error => error.Text.Contains("no disk", StringComparison.Ordinal));
        using var client = server.HttpClient(key);
        using var response = await client.GetAsync("api/v1/me", Cancellation);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain("no disk", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    private sealed class FailingAfterStart(IAuditLog inner) : IAuditLog
    {
        public Task RecordAsync(AuditEntry entry, CancellationToken cancellationToken) => throw new IOException("no disk");

        public void Append(ControlPlaneContext context, AuditEntry entry) => inner.Append(context, entry);
    }
}
