using Microsoft.EntityFrameworkCore;
using Npgsql;
using Planton.Api.Errors;
using Planton.Server.Hosting;
using Planton.Server.Storage.PostgreSql;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Storage.PostgreSql;

/// <summary>What holds on PostgreSQL alone.</summary>
public sealed class PostgreSqlTests(OnPostgreSql shared) : SharedServerTest(shared), IClassFixture<OnPostgreSql>
{
    [Fact]
    public async Task AServerStartsOnAnEmptyDatabase_AndFindsEverythingAgainAtItsNextStart()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await StartAsync(folder))
            await server.Admin.RegisterRunnerAsync("default", "prod", Cancellation);
        await using var again = await StartAsync(folder);
        Assert.Equal("prod", Assert.Single((await again.Admin.ListRunnersAsync("default", cancellationToken: Cancellation)).Items).Name);
        Assert.True((await again.Admin.VerifyAuditAsync(Cancellation)).Ok);
        Assert.False(File.Exists(Path.Combine(folder.Data, "planton.db")));
    }

    [Theory]
    [InlineData("UPDATE audit_records SET \"ActorName\" = 'nobody'")]
    [InlineData("DELETE FROM audit_records")]
    [InlineData("TRUNCATE audit_records")]
    public async Task TheDatabaseItselfRefusesToChangeARecord(string statement)
    {
        Server.Log.ExpectError(error => error.Text.Contains("audit_records", StringComparison.Ordinal));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => Server.QueryAsync(context => context.Database.ExecuteSqlRawAsync(statement, Cancellation)));
        Assert.Contains("only ever added", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoServersOnOneDatabaseRegisterEachNameOnce_AndKeepOneTrail()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        await using var one = await StartAsync(folder);
        Directory.CreateDirectory(other.Data);
        foreach (var file in new[] { "master-key", "initial-admin-key" })
            File.Copy(Path.Combine(folder.Data, file), Path.Combine(other.Data, file));
        await using var two = await ServerFixture.StartInAsync(other, options => options with { Database = TestDatabase.EmptyOf(folder, DatabaseKind.PostgreSql) });
        var tasks = Enumerable.Range(0, 40).Select(async number =>
        {
            try
            {
                await (number % 2 == 0 ? one : two).Admin.RegisterRunnerAsync("default", $"r{number / 4}", Cancellation);
                return 1;
            }
            catch (Planton.Api.Client.ApiException e) when (e.Problem.Code == ErrorCode.AlreadyExists)
            {
                return 0;
            }
        });
        Assert.Equal(10, (await Task.WhenAll(tasks)).Sum());
        var verification = await two.Admin.VerifyAuditAsync(Cancellation);
        Assert.True(verification.Ok, verification.Reason);
    }

    [Fact]
    public async Task AWrongPasswordEndsTheStart_AndIsNotRepeated()
    {
        using var folder = new TemporaryFolder();
        var url = PostgreSqlUrl.Parse(TestDatabase.EmptyUrl(folder, "hunter2")).Url;
        var refused = await Assert.ThrowsAsync<StartupException>(() => ServerFixture.StartInAsync(folder, options => options with { Database = url }));
        Assert.Contains("--database: postgres://planton@127.0.0.1", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherMachineThatDeclinesTls_GetsNoPassword()
    {
        await using var database = new PlainPostgreSql();
        using var folder = new TemporaryFolder();
        var url = PostgreSqlUrl.Parse(database.Url).Url;

        var refused = await Assert.ThrowsAsync<StartupException>(() => ServerFixture.StartInAsync(folder, options => options with { Database = url }));

        Assert.Contains("--database", refused.Message, StringComparison.Ordinal);
        Assert.Contains("SSL", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", await database.HeardAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThePasswordIsInNoLog()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder);
        await server.Admin.RegisterRunnerAsync("default", "prod", Cancellation);
        Assert.DoesNotContain("p@ss", server.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("p%40ss", server.Log.Text, StringComparison.Ordinal);
    }

    private static Task<ServerFixture> StartAsync(TemporaryFolder folder) =>
        ServerFixture.StartInAsync(folder, options => options with { Database = TestDatabase.EmptyOf(folder, DatabaseKind.PostgreSql) });
}
