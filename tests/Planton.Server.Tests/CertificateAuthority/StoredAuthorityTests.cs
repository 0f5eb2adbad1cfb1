using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Planton.Server.CertificateAuthority;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.CertificateAuthority;

/// <summary>The authority in the database, and a start that finds it there.</summary>
public abstract class StoredAuthorityTests(DatabaseKind database)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ItsKeyIsStoredSealed_AndWhenTheNamesOfTheServerChange_ItIssuesTheServersNextCertificate()
    {
        using var folder = new TemporaryFolder();
        await ServerTemplate.CopyToAsync(folder, database);
        string serial, bundle;
        await using (var first = await ServerFixture.StartInAsync(folder, database: database))
        {
            var service = first.Get<CertificateAuthorityService>();
            (serial, bundle) = (service.ServerCertificate.SerialNumber, service.TrustBundlePem);
            var stored = await first.QueryAsync(context => context.CertificateAuthorities.SingleAsync(Cancellation));
            using var key = ECDsa.Create();
            Assert.ThrowsAny<CryptographicException>(() => key.ImportPkcs8PrivateKey(stored.SealedKey, out _));
            Assert.Matches("^planton-[0-9a-f]{8}$", stored.TrustDomain);
        }

        await using var second = await ServerFixture.StartInAsync(
            folder, options => options with { PublicUrl = new Uri("https://new.example.com") }, database: database);
        var again = second.Get<CertificateAuthorityService>();
        Assert.NotEqual(serial, again.ServerCertificate.SerialNumber);
        Assert.True(again.ServerCertificate.MatchesHostname("new.example.com"));
        Assert.Equal(bundle, again.TrustBundlePem);
    }

    [Fact]
    public async Task WithAnotherMasterKeyTheServerDoesNotStart()
    {
        using var folder = new TemporaryFolder();
        await ServerTemplate.CopyToAsync(folder, database);
        var other = folder.File("other-key");
        await File.WriteAllTextAsync(other, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), Cancellation);
        FileModes.Set(other, "600");
        var refused = await Assert.ThrowsAsync<StartupException>(
            () => ServerFixture.StartInAsync(folder, options => options with { MasterKeyFile = other }, database: database));
        Assert.Contains("master key is not the one", refused.Message, StringComparison.Ordinal);
    }
}

public sealed class StoredAuthorityTestsOnSqlite() : StoredAuthorityTests(DatabaseKind.Sqlite);

public sealed class StoredAuthorityTestsOnPostgreSql() : StoredAuthorityTests(DatabaseKind.PostgreSql);
