using Planton.Server.CertificateAuthority;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Credentials;

/// <summary>A server whose runners' certificates live for seconds.</summary>
public abstract class ShortLivedCertificates(DatabaseKind database)
    : CertificateServer(database, new CertificateOptions { RunnerLifetime = TimeSpan.FromSeconds(12) });

public sealed class ShortLivedCertificatesOnSqlite() : ShortLivedCertificates(DatabaseKind.Sqlite);

public sealed class ShortLivedCertificatesOnPostgreSql() : ShortLivedCertificates(DatabaseKind.PostgreSql);
