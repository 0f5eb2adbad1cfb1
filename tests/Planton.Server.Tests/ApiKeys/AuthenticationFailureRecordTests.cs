using System.Net;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.ApiKeys;

/// <summary>What the trail holds of many refusals of one key.</summary>
public abstract class AuthenticationFailureRecordTests(SharedServer shared, DatabaseKind database) : SharedServerTest(shared)
{
    [Fact]
    public async Task AFloodOnOneKeyIsRecordedTenTimes_ThenCounted_AndStillRefused()
    {
        var key = await AddExpiredAsync(Server);
        using var client = Server.HttpClient(key);
        for (var call = 0; call < 35; call++)
        {
            using var response = await client.GetAsync("api/v1/me", Cancellation);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        Assert.Equal(10, (await RecordsAsync(Server, key)).Count);
        await Server.Get<AuditDenials>().EndWindowAsync(Cancellation);
        var records = await RecordsAsync(Server, key);
        Assert.Equal(11, records.Count);
        Assert.Equal(("25 more in this minute, not recorded singly", AuditOutcome.Denied), (records[^1].Detail, records[^1].Outcome));
        Assert.Equal($"holder of key {key[4..16]}", records[^1].ActorName);
        Assert.Single(Server.Log.Text.Split('\n'), line => line.Contains("was refused more than 10 times in a minute", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AtAStop_WhatWasOnlyCountedIsRecorded()
    {
        using var folder = new TemporaryFolder();
        string key;
        await using (var server = await ServerFixture.StartInAsync(folder, database: database))
        {
            key = await AddExpiredAsync(server);
            using var client = server.HttpClient(key);
            for (var call = 0; call < 12; call++)
                (await client.GetAsync("api/v1/me", Cancellation)).Dispose();
        }

        await using var again = await ServerFixture.StartInAsync(folder, database: database);
        Assert.StartsWith("2 more", (await RecordsAsync(again, key))[^1].Detail, StringComparison.Ordinal);
    }

    private Task<string> AddExpiredAsync(ServerFixture server) =>
        server.AddUserAsync(UniqueName("kim"), expiresAt: TimeProvider.System.GetUtcNow().AddDays(-1));

    private static Task<List<AuditRecordEntity>> RecordsAsync(ServerFixture server, string key)
    {
        var id = key[4..16];
        return server.QueryAsync(context => context.AuditRecords
            .Where(record => record.Action == AuditAction.Authenticate && record.ApiKeyId == id)
            .OrderBy(record => record.Sequence).ToListAsync(Cancellation));
    }
}

public sealed class AuthenticationFailureRecordTestsOnSqlite(OnSqlite shared)
    : AuthenticationFailureRecordTests(shared, DatabaseKind.Sqlite), IClassFixture<OnSqlite>;

public sealed class AuthenticationFailureRecordTestsOnPostgreSql(OnPostgreSql shared)
    : AuthenticationFailureRecordTests(shared, DatabaseKind.PostgreSql), IClassFixture<OnPostgreSql>;
