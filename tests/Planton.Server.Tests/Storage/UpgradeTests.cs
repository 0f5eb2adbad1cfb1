using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage.PostgreSql;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Storage;

/// <summary>A database of any earlier version is brought to this one's at the start, with what is in it.</summary>
public sealed class UpgradeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The first version, and the one before this.</summary>
    public static TheoryData<bool, string> Versions
    {
        get
        {
            var versions = new TheoryData<bool, string>();
            foreach (var postgreSql in new[] { false, true })
            {
                var all = EarlierVersion.All(postgreSql);
                foreach (var version in all.Take(1).Concat(all.TakeLast(1)).Distinct())
                    versions.Add(postgreSql, version);
            }

            return versions;
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task ADatabaseOfAnEarlierVersionIsUpgraded_WithItsRowsItsKeysAndItsTrail(bool postgreSql, string version)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Data);
        var url = postgreSql ? TestDatabase.EmptyOf(folder, DatabaseKind.PostgreSql) : null;
        bool variables;
        await using (var old = EarlierVersion.Open(folder, url))
        {
            await EarlierVersion.MakeAsync(old, version, Cancellation);
            variables = await EarlierVersion.KnowsVariablesAsync(old, Cancellation);
        }

        await using (var server = await StartAsync(folder, url))
            await AssertAllIsThereAsync(server, variables);
        // What was upgraded is a database like any other: it starts again.
        await using var again = await StartAsync(folder, url);
        await AssertAllIsThereAsync(again, variables);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => again.QueryAsync(context => context.Database.ExecuteSqlRawAsync("DELETE FROM audit_records", Cancellation)));
        Assert.Contains("audit records are only ever added", refused.Message, StringComparison.Ordinal);
        again.Log.ExpectError(error => error.Text.Contains("audit_records", StringComparison.Ordinal));
    }

    private static async Task AssertAllIsThereAsync(ServerFixture server, bool variables)
    {
        Assert.Empty(await server.QueryAsync(context => context.Database.GetPendingMigrationsAsync(Cancellation)));
        var kim = server.Client(EarlierVersion.UserKey.Text);
        var caller = await kim.GetCallerAsync(Cancellation);
        Assert.Equal(("kim", true, ("acme", "owner")), (caller.Name, caller.PlatformOperator, caller.Organizations.Select(o => (o.Name, o.Role)).Single()));
        Assert.Equal("prod", (await server.Client(EarlierVersion.RunnerKey.Text).GetCallerAsync(Cancellation)).Runner!.Name);
        Assert.Equal("prod", Assert.Single((await kim.ListRunnersAsync("acme", cancellationToken: Cancellation)).Items).Name);
        Assert.Equal("d1", Assert.Single((await kim.ListCredentialsAsync("acme", "prod", Cancellation)).Items).Id);
        Assert.Equal("prod", (await kim.GetConnectionAsync("acme", "eks", Cancellation)).Runner);
        var impact = await kim.GetRunnerImpactAsync("acme", "prod", Cancellation);
        Assert.Equal(("eks", "organization"), (Assert.Single(impact.Connections), Assert.Single(impact.DefaultLevels)));
        if (variables)
            Assert.Equal("eu", (await kim.GetVariableAsync("acme", "region", "staging", Cancellation)).Value);
        var verification = await kim.VerifyAuditAsync(Cancellation);
        Assert.True(verification.Ok, verification.Reason);
        Assert.Equal(
            ["organization/1", "organization/2"],
            await server.QueryAsync(context => context.AuditRecords.Where(r => r.ActorName == "kim" && r.OperationId == "op").OrderBy(r => r.Sequence).Select(r => r.Resource).ToListAsync(Cancellation)));
        // And what is new is made as on an empty database.
        Assert.NotNull((await kim.GenerateCredentialsAsync("acme", "another", Cancellation)).Credentials.ApiKey);
        await kim.DeleteRunnerAsync("acme", "another", Cancellation);
    }

    private static Task<ServerFixture> StartAsync(TemporaryFolder folder, PostgreSqlUrl? postgreSql) =>
        ServerFixture.StartInAsync(folder, options => options with { Database = postgreSql });
}
