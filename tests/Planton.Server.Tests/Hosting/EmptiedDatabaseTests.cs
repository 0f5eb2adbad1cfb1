using Microsoft.EntityFrameworkCore;
using Planton.Server.Hosting;
using Planton.Server.Storage.PostgreSql;
using Planton.Server.Tests.Audit;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Hosting;

/// <summary>Where there was a control plane, no new one is begun: not without a database, and not in one that was emptied.</summary>
public abstract class EmptiedDatabaseTests(DatabaseKind database) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _other = new();

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string KeyFile => Path.Combine(_folder.Data, "initial-admin-key");

    public void Dispose()
    {
        _folder.Dispose();
        _other.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("master-key")]
    [InlineData("audit-mark.sealed")]
    public async Task WithoutADatabase_BesideAKeyOrAMark_NothingIsBegun(string left)
    {
        await ServerTemplate.CopyToAsync(_folder, database);
        foreach (var file in Directory.GetFiles(_folder.Data).Where(file => Path.GetFileName(file) != left))
            File.Delete(file);
        var key = Path.Combine(_other.FullName, "key");
        await File.WriteAllTextAsync(key, Convert.ToBase64String(new byte[32]), Cancellation);
        FileModes.Set(key, "600");

        var refused = await RefusedAsync(options => options with
        {
            Database = TestDatabase.EmptyOf(_other, database), MasterKeyFile = left == "master-key" ? null : key,
        });

        Assert.Contains("the database holds nothing", refused, StringComparison.Ordinal);
        Assert.False(File.Exists(KeyFile), "a first user was made");
        Assert.False(File.Exists(Path.Combine(_folder.Data, "planton.db")), "a database was made");
        Assert.Empty(await MigrationsAsync());
    }

    [Theory]
    [InlineData("no user", "DELETE FROM api_keys", "DELETE FROM memberships", "DELETE FROM users")]
    [InlineData("no certificate authority", "DELETE FROM certificate_authorities")]
    [InlineData("no audit trail", "DELETE FROM audit_records", "DELETE FROM audit_head")]
    public async Task WhatWasEmptied_IsNotMadeAnew(string found, params string[] statements)
    {
        await ServerTemplate.CopyToAsync(_folder, database);
        await using (var server = await ServerFixture.StartInAsync(_folder, database: database))
            await server.TamperAsync(statements);
        File.Delete(KeyFile);

        Assert.Contains($"the database holds {found}", await RefusedAsync(options => options), StringComparison.Ordinal);
        Assert.False(File.Exists(KeyFile), "a first user was made");
    }

    private async Task<string> RefusedAsync(Func<ServerOptions, ServerOptions> change)
    {
        var refused = await Assert.ThrowsAsync<StartupException>(() => ServerFixture.StartInAsync(_folder, change, database: database));
        Assert.Contains($"{_folder.Data} is of a control plane that was started before: no new one is begun in its place", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Put back a backup", refused.Message, StringComparison.Ordinal);
        return refused.Message;
    }

    private async Task<IEnumerable<string>> MigrationsAsync()
    {
        if (TestDatabase.EmptyOf(_other, database) is not { } url)
            return [];
        await using var context = new PostgreSqlControlPlaneContext(
            new DbContextOptionsBuilder<PostgreSqlControlPlaneContext>().UseNpgsql(url.ConnectionString).Options);
        return await context.Database.GetAppliedMigrationsAsync(Cancellation);
    }
}

public sealed class EmptiedDatabaseTestsOnSqlite() : EmptiedDatabaseTests(DatabaseKind.Sqlite);

public sealed class EmptiedDatabaseTestsOnPostgreSql() : EmptiedDatabaseTests(DatabaseKind.PostgreSql)
{
    [Fact]
    public async Task ASecondServer_WithTheKeyAndAnEmptyFolder_Starts()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        await ServerTemplate.CopyToAsync(first, DatabaseKind.PostgreSql);
        var key = Path.Combine(first.Data, "master-key");
        await using var one = await ServerFixture.StartInAsync(first, database: DatabaseKind.PostgreSql);
        await using var two = await ServerFixture.StartInAsync(
            second, options => options with { MasterKeyFile = key, Database = TestDatabase.Of(first, DatabaseKind.PostgreSql) });
        await one.Admin.CreateOrganizationAsync("acme", Cancellation);
        await two.Client(one.AdminKey).CreateOrganizationAsync("beta", Cancellation);
        await one.Admin.CreateOrganizationAsync("gamma", Cancellation);
        Assert.True((await one.Admin.VerifyAuditAsync(Cancellation)).Ok);
        Assert.True((await two.Client(one.AdminKey).VerifyAuditAsync(Cancellation)).Ok);
        Assert.False(File.Exists(Path.Combine(second.Data, "initial-admin-key")), "a first user was made");
    }
}
