using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Planton.Api.Runners;
using Planton.Server.CertificateAuthority;
using Planton.Server.Encryption;
using Planton.Server.Storage;
using Planton.Server.Storage.PostgreSql;
using Planton.Server.Storage.Sqlite;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Links;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Credentials;

/// <summary>A database from before certificates had a table of their own, with runners that know nothing of it.</summary>
public abstract class CertificatesUpgradeTests(DatabaseKind database) : IDisposable
{
    private const string Domain = "planton-0a1b2c3d";
    private static readonly DateTimeOffset Made = TimeProvider.System.GetUtcNow().AddDays(-3);

    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _authority = CertificateMaker.MakeAuthority(Domain, Made.AddMinutes(-5), Made.AddYears(10));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task ItsRunnersConnect_ItsRevokedOnesDoNot_AndEachCredentialIsListedWithItsCertificate()
    {
        using var good = Runner();
        using var revoked = Runner();
        await MakeOldAsync(("c1", good, null), ("c2", revoked, Made.ToUnixTimeMilliseconds()));

        await using var server = await ServerFixture.StartInAsync(_folder, database: database);

        await using var runner = await ConnectedRunner.StartAsync(Document(server, good), _ => Task.CompletedTask);
        Assert.Equal(LinkState.Ready, (await runner.Link.WaitForStartAsync(Cancellation)).State);
        await using var refused = await ConnectedRunner.StartAsync(Document(server, revoked), _ => Task.CompletedTask);
        Assert.Equal(RefusalCode.Revoked, (await refused.Link.Refused.WaitAsync(TimeSpan.FromSeconds(10), Cancellation)).Code);
        var listed = (await server.QueryAsync(context => context.RunnerCertificates.OrderBy(certificate => certificate.CredentialId).ToListAsync(Cancellation)))
            .ConvertAll(certificate => (certificate.CredentialId, certificate.Serial, certificate.Sha256, certificate.AuthorityId, certificate.Renewed));
        Assert.Equal(
            [("c1", good.SerialNumber, Hash(good), "a1", false), ("c2", revoked.SerialNumber, Hash(revoked), "a1", false)], listed);
        Assert.Equal(
            good.NotAfter.ToUniversalTime(),
            (await server.QueryAsync(context => context.RunnerCertificates.SingleAsync(certificate => certificate.CredentialId == "c1", Cancellation))).ExpiresAt.UtcDateTime);
        Assert.Equal(Domain, server.Get<CertificateAuthorityService>().TrustDomain);
    }

    private static string Hash(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    private X509Certificate2 Runner()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = CertificateMaker.MakeRunner(
            _authority, new PublicKey(key), new Uri($"spiffe://{Domain}/org/o1/runner/r1"), Made.AddMinutes(-5), Made.AddDays(90));
        return certificate.CopyWithPrivateKey(key);
    }

    private RunnerCredentials Document(ServerFixture server, X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return new RunnerCredentials
        {
            Metadata = new RunnerCredentialsMetadata { Id = "c1", Organization = "acme", Runner = "prod", RunnerId = "r1", IssuedAt = Made },
            ControlPlane = new ControlPlaneEndpoint { Endpoint = server.Url.ToString() },
            Tunnel = new TunnelCredentials
            {
                Endpoint = server.Tunnel.ToString(),
                CaCertificates = _authority.ExportCertificatePem(),
                Certificate = certificate.ExportCertificatePem(),
                PrivateKey = key.ExportPkcs8PrivateKeyPem(),
            },
            ApiKey = "pck_",
        };
    }

    private async Task MakeOldAsync(params (string Id, X509Certificate2 Certificate, long? RevokedAt)[] credentials)
    {
        Directory.CreateDirectory(_folder.Data);
        // Without users and records, this is a start that was interrupted.
        await File.WriteAllTextAsync(Path.Combine(_folder.Data, DataDirectory.FirstStartName), "", Cancellation);
        var master = MasterKeyFile.Create(Path.Combine(_folder.Data, MasterKeyFile.DefaultName));
        await using var context = Context();
        await context.GetService<IMigrator>().MigrateAsync(
            database == DatabaseKind.PostgreSql ? "20261123181836_Initial" : "20261123181745_Secrets", Cancellation);
        using var key = _authority.GetECDsaPrivateKey()!;
        var made = Made.ToUnixTimeMilliseconds();
        FormattableString[] rows =
        [
            $"""INSERT INTO certificate_authorities ("Id", "TrustDomain", "Certificate", "SealedKey", "CreatedAt") VALUES ('a1', {Domain}, {_authority.RawData}, {master.Seal(AuthorityMaker.KeyPurpose, key.ExportPkcs8PrivateKey())}, {made})""",
            $"""INSERT INTO organizations ("Id", "Name", "CreatedAt") VALUES ('o1', 'acme', {made})""",
            $"""INSERT INTO runners ("Id", "OrganizationId", "Name", "CreatedAt") VALUES ('r1', 'o1', 'prod', {made})""",
            $"""INSERT INTO service_accounts ("Id", "OrganizationId", "Name", "RunnerId", "CreatedAt") VALUES ('s1', 'o1', 'runner-prod', 'r1', {made})""",
            $"""UPDATE runners SET "ServiceAccountId" = 's1'""",
            .. credentials.SelectMany(credential => new FormattableString[]
            {
                $"""INSERT INTO api_keys ("Id", "ServiceAccountId", "CredentialId", "SecretHash", "Fingerprint", "CreatedAt") VALUES ({"k-" + credential.Id}, 's1', {credential.Id}, {RandomNumberGenerator.GetBytes(32)}, 'f', {made})""",
                $"""
                INSERT INTO runner_credentials ("Id", "RunnerId", "CertificateSerial", "CertificateSha256", "ApiKeyId", "CreatedByKind", "CreatedById", "CreatedAt", "ExpiresAt", "RevokedAt")
                VALUES ({credential.Id}, 'r1', {credential.Certificate.SerialNumber}, {Hash(credential.Certificate)}, {"k-" + credential.Id}, 'user', 'u1', {made},
                    {new DateTimeOffset(credential.Certificate.NotAfter).ToUnixTimeMilliseconds()}, {credential.RevokedAt})
                """,
            }),
        ];
        foreach (var row in rows)
            await context.Database.ExecuteSqlAsync(row, Cancellation);
    }

    private ControlPlaneContext Context() => TestDatabase.EmptyOf(_folder, database) is { } url
        ? new PostgreSqlControlPlaneContext(new DbContextOptionsBuilder<PostgreSqlControlPlaneContext>().UseNpgsql(url.ConnectionString).Options)
        : new SqliteControlPlaneContext(new DbContextOptionsBuilder<SqliteControlPlaneContext>()
            .UseSqlite($"Data Source={Path.Combine(_folder.Data, "planton.db")};Pooling=false").Options);
}

public sealed class CertificatesUpgradeTestsOnSqlite() : CertificatesUpgradeTests(DatabaseKind.Sqlite);

public sealed class CertificatesUpgradeTestsOnPostgreSql() : CertificatesUpgradeTests(DatabaseKind.PostgreSql);
