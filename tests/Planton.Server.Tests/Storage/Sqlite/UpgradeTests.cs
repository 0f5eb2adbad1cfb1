using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Planton.Server.Storage.Sqlite;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Storage.Sqlite;

/// <summary>A database of an earlier version is brought to this one's, with what is in it.</summary>
public sealed class UpgradeTests
{
    private const string FirstVersion = "20261123095600_AuditIsAppendOnly";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ADatabaseOfTheFirstVersionIsUpgraded_WithItsRowsAndItsTrail()
    {
        TestDatabase.NeedsSqlite();
        using var folder = new TemporaryFolder();
        await MakeOldAsync(folder);
        await using var server = await ServerFixture.StartInAsync(folder);
        Assert.Equal("acme", await server.QueryAsync(context => context.Organizations.Where(o => o.Id == "o1").Select(o => o.Name).SingleAsync(Cancellation)));
        Assert.Equal("eks", await server.QueryAsync(context => context.Connections.Where(c => c.OrganizationId == "o1").Select(c => c.Name).SingleAsync(Cancellation)));
        Assert.Empty(await server.QueryAsync(context => context.Database.GetPendingMigrationsAsync(Cancellation)));
        var verification = await server.Admin.VerifyAuditAsync(Cancellation);
        Assert.True(verification.Ok, verification.Reason);
        Assert.Equal(4, verification.Records);
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() =>
            server.QueryAsync(context => context.Database.ExecuteSqlRawAsync("DELETE FROM audit_records", Cancellation)));
        server.Log.Expected = error => error.Contains("audit_records", StringComparison.Ordinal);
    }

    private static async Task MakeOldAsync(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder.Data);
        await using var context = new SqliteControlPlaneContext(new DbContextOptionsBuilder<SqliteControlPlaneContext>()
            .UseSqlite($"Data Source={Path.Combine(folder.Data, "planton.db")};Pooling=false").Options);
        await context.GetService<IMigrator>().MigrateAsync(FirstVersion, Cancellation);
        string[] rows =
        [
            "INSERT INTO organizations (Id, Name, CreatedAt) VALUES ('o1', 'acme', 1)",
            "INSERT INTO connections (Id, OrganizationId, Name, Kind, AuthMode, CreatedAt) VALUES ('c1', 'o1', 'eks', 'kubernetes', 'runner', 1)",
            .. Enumerable.Range(1, 2).Select(number =>
                "INSERT INTO audit_records (Time, OperationId, ActorKind, ActorId, ActorName, Action, Resource, Outcome) "
                + $"VALUES ({number}, 'op', 'user', 'u1', 'kim', 'organization.create', 'organization/{number}', 'allowed')"),
        ];
        foreach (var row in rows)
            await context.Database.ExecuteSqlRawAsync(row, Cancellation);
    }
}
