using Planton.Server.CertificateAuthority;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Credentials;

/// <summary>A server that renews a runner's certificate 20 times a minute at most.</summary>
public abstract class FewRenewals(DatabaseKind database) : CertificateServer(database, new CertificateOptions { RenewalsPerMinute = 20 });

public sealed class FewRenewalsOnSqlite() : FewRenewals(DatabaseKind.Sqlite);

public sealed class FewRenewalsOnPostgreSql() : FewRenewals(DatabaseKind.PostgreSql);
