using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Audit;

/// <summary>What cannot be recorded does not happen: on a server of the test's own, whose trail is broken.</summary>
public abstract class UnwrittenRecordTests(DatabaseKind database)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenTheRecordCannotBeWritten_NothingIsDone()
    {
        await using var server = await ServerFixture.StartAsync(database: database);
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
        ];
        foreach (var call in calls)
            await Expect.ProblemAsync(ErrorCode.Internal, call);
        var test = await Expect.ProblemAsync(ErrorCode.Unavailable, () => server.Admin.TestConnectionAsync("default", "eks", Cancellation));
        Assert.Equal("not sent, the audit record could not be written: the database refused it", test.Detail);
        Assert.False(tested, "the target was reached without a record");
        Assert.Single((await server.Admin.ListOrganizationsAsync(Cancellation)).Items);
        Assert.Equal("edge", Assert.Single((await server.Admin.ListRunnersAsync("default", cancellationToken: Cancellation)).Items).Name);
        Assert.Equal("eks", Assert.Single((await server.Admin.ListConnectionsAsync("default", Cancellation)).Items).Name);
        Assert.Equal(1, await server.QueryAsync(context => context.ApiKeys.CountAsync(Cancellation)));
    }

    [Fact]
    public async Task AFailedAuthenticationThatCannotBeRecordedIsStillRefused()
    {
        await using var server = await ServerFixture.StartAsync(
            configure: builder => builder.Services.AddSingleton<IAuditLog>(provider =>
                new FailingAfterStart(new AuditLog(provider.GetRequiredService<IDbContextFactory<ControlPlaneContext>>(), TimeProvider.System))),
            database: database);
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

public sealed class UnwrittenRecordTestsOnSqlite() : UnwrittenRecordTests(DatabaseKind.Sqlite);

public sealed class UnwrittenRecordTestsOnPostgreSql() : UnwrittenRecordTests(DatabaseKind.PostgreSql);
