using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.CertificateAuthority;
using Planton.Server.Hosting;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Users;

public abstract class FirstStartTests(DatabaseKind database)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheFirstUserIsPlatformOperatorAndOwnerOfDefault()
    {
        await using var server = await ServerFixture.StartAsync(database: database);
        var caller = await server.Admin.GetCallerAsync(Cancellation);
        Assert.Equal("user", caller.Kind);
        Assert.Equal("admin", caller.Name);
        Assert.True(caller.PlatformOperator);
        var membership = Assert.Single(caller.Organizations);
        Assert.Equal(("default", RoleName.Owner), (membership.Name, membership.Role));
        Assert.Null(caller.Runner);
        Assert.Equal(server.AdminKey.Substring(4, 12), caller.ApiKeyId);
    }

    [Fact]
    public async Task ASecondStartKeepsTheKeyTheCaAndTheCertificate()
    {
        using var folder = new TemporaryFolder();
        string key, domain, serial, authority;
        await using (var first = await ServerFixture.StartInAsync(folder, database: database))
        {
            key = first.AdminKey;
            var certificates = first.Get<CertificateAuthorityService>();
            (domain, serial, authority) = (certificates.TrustDomain, certificates.ServerCertificate.SerialNumber, certificates.TrustBundlePem);
            await first.Admin.CreateOrganizationAsync("acme", Cancellation);
        }

        var keyFile = Path.Combine(folder.Data, "initial-admin-key");
        File.Delete(keyFile);
        await using var second = await ServerFixture.StartInAsync(folder, database: database);
        Assert.False(File.Exists(keyFile), "the key file was made again");
        var again = second.Get<CertificateAuthorityService>();
        Assert.Equal((domain, serial, authority), (again.TrustDomain, again.ServerCertificate.SerialNumber, again.TrustBundlePem));
        var organizations = await second.Client(key).ListOrganizationsAsync(Cancellation);
        Assert.Equal(["acme", "default"], organizations.Items.Select(organization => organization.Name));
    }

    [Fact]
    public async Task WhenTheFirstStartIsAbortedBeforeItsCommit_TheNextOneLeavesAUsableKey()
    {
        using var folder = new TemporaryFolder();
        // The record of the first user is in the same transaction: failing there is a crash between the file and the commit.
        await Assert.ThrowsAsync<InvalidOperationException>(() => ServerFixture.StartInAsync(
            folder, configure: builder => builder.Services.AddSingleton<IAuditLog, BrokenAudit>(), database: database));
        Assert.True(Directory.Exists(folder.Data));
        await using var server = await ServerFixture.StartInAsync(folder, database: database);
        Assert.Equal("admin", (await server.Admin.GetCallerAsync(Cancellation)).Name);
        Assert.Equal(1, await server.QueryAsync(context => context.Users.CountAsync(Cancellation)));
    }

    [Fact]
    public async Task WhenAKeyFileIsLeftFromACrash_ItIsReplacedByOneThatWorks()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Data);
        await File.WriteAllTextAsync(Path.Combine(folder.Data, "initial-admin-key"), "pck_left-behind\n", Cancellation);
        await using var server = await ServerFixture.StartInAsync(folder, database: database);
        Assert.Equal("admin", (await server.Admin.GetCallerAsync(Cancellation)).Name);
    }

    [Fact]
    public async Task TheFirstUserIsRecorded()
    {
        await using var server = await ServerFixture.StartAsync(database: database);
        var record = await server.QueryAsync(context => context.AuditRecords.SingleAsync(Cancellation));
        Assert.Equal((AuditAction.Bootstrap, "user/admin", AuditOutcome.Allowed, "system"), (record.Action, record.Resource, record.Outcome, record.ActorKind));
        Assert.DoesNotContain(server.AdminKey, record.Detail!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASecondServerMayNotShareTheFolder()
    {
        await using var server = await ServerFixture.StartAsync(database: database);
        var refused = await Assert.ThrowsAsync<StartupException>(() => ServerFixture.StartInAsync(server.Folder, database: database));
        Assert.Contains("in use by another server", refused.Message, StringComparison.Ordinal);
        Assert.Equal("admin", (await server.Admin.GetCallerAsync(Cancellation)).Name);
    }

    private sealed class BrokenAudit : IAuditLog
    {
        public Task RecordAsync(AuditEntry entry, CancellationToken cancellationToken) => throw new InvalidOperationException("no disk");

        public void Append(ControlPlaneContext context, AuditEntry entry) => throw new InvalidOperationException("no disk");
    }
}

public sealed class FirstStartTestsOnSqlite() : FirstStartTests(DatabaseKind.Sqlite);

public sealed class FirstStartTestsOnPostgreSql() : FirstStartTests(DatabaseKind.PostgreSql);
