using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Planton.Server.ApiKeys;
using Planton.Server.Storage;
using Planton.Server.Storage.PostgreSql;
using Planton.Server.Storage.Sqlite;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Storage;

/// <summary>A database as an earlier version of the server left it, with an organization, a user, a runner and what hangs on them.</summary>
internal sealed class EarlierVersion
{
    public static readonly IssuedApiKey UserKey = ApiKeyText.Generate();
    public static readonly IssuedApiKey RunnerKey = ApiKeyText.Generate();

    // Written as SQL, because the entities are those of this version. The columns are those that both databases have had from the first.
    private static readonly (string Sql, object[] Values)[] Rows =
    [
        ("INSERT INTO organizations (\"Id\", \"Name\", \"CreatedAt\") VALUES ('o1', 'acme', 1)", []),
        ("INSERT INTO users (\"Id\", \"Name\", \"PlatformOperator\", \"CreatedAt\") VALUES ('u1', 'kim', TRUE, 1)", []),
        ("INSERT INTO memberships (\"Id\", \"OrganizationId\", \"UserId\", \"Role\") VALUES ('m1', 'o1', 'u1', 'owner')", []),
        Key("\"UserId\"", "'u1'", UserKey),
        ("INSERT INTO runners (\"Id\", \"OrganizationId\", \"Name\", \"CreatedAt\", \"LastSeenAt\") VALUES ('r1', 'o1', 'prod', 1, 2)", []),
        ("INSERT INTO service_accounts (\"Id\", \"OrganizationId\", \"Name\", \"RunnerId\", \"CreatedAt\") VALUES ('s1', 'o1', 'runner-prod', 'r1', 1)", []),
        ("UPDATE runners SET \"ServiceAccountId\" = 's1'", []),
        ("INSERT INTO memberships (\"Id\", \"OrganizationId\", \"ServiceAccountId\", \"Role\") VALUES ('m2', 'o1', 's1', 'viewer')", []),
        Key("\"CredentialId\", \"ServiceAccountId\"", "'d1', 's1'", RunnerKey),
        ("INSERT INTO runner_credentials (\"Id\", \"RunnerId\", \"CertificateSerial\", \"CertificateSha256\", \"ApiKeyId\", \"CreatedByKind\", \"CreatedById\", \"CreatedAt\", \"ExpiresAt\") "
            + "VALUES ('d1', 'r1', 'AB', 'CD', {0}, 'user', 'u1', 1, 9000000000000)", [RunnerKey.Id]),
        ("INSERT INTO connections (\"Id\", \"OrganizationId\", \"Name\", \"Kind\", \"AuthMode\", \"RunnerId\", \"CreatedAt\") VALUES ('c1', 'o1', 'eks', 'kubernetes', 'runner', 'r1', 1)", []),
        ("INSERT INTO default_runner_bindings (\"Id\", \"OrganizationId\", \"RunnerId\") VALUES ('o1', 'o1', 'r1')", []),
        .. Enumerable.Range(1, 2).Select(number => (
            "INSERT INTO audit_records (\"Time\", \"OperationId\", \"ActorKind\", \"ActorId\", \"ActorName\", \"Action\", \"Resource\", \"Outcome\") "
            + $"VALUES ({number}, 'op', 'user', 'u1', 'kim', 'organization.create', 'organization/{number}', 'allowed')", Array.Empty<object>())),
    ];

    // Of the versions that know variables.
    private static readonly string[] Variables =
    [
        "INSERT INTO environments (\"Id\", \"OrganizationId\", \"Name\", \"CreatedAt\") VALUES ('e1', 'o1', 'staging', 1)",
        "INSERT INTO variables (\"Id\", \"OrganizationId\", \"EnvironmentId\", \"ScopeId\", \"Name\", \"Version\", \"Value\", \"CreatedAt\", \"UpdatedAt\") VALUES ('v1', 'o1', 'e1', 'e1', 'region', 1, 'eu', 1, 1)",
        "INSERT INTO variable_versions (\"Id\", \"VariableId\", \"Version\", \"Value\", \"CreatedAt\", \"CreatedBy\") VALUES ('w1', 'v1', 1, 'eu', 1, 'kim')",
    ];

    /// <summary>Every version of the schema but this one, the first one first.</summary>
    public static IReadOnlyList<string> All(bool postgreSql)
    {
        using ControlPlaneContext context = postgreSql
            ? new PostgreSqlDesignTimeFactory().CreateDbContext([])
            : new SqliteDesignTimeFactory().CreateDbContext([]);
        return [.. context.Database.GetMigrations().SkipLast(1)];
    }

    /// <summary>Makes a database of that version and fills it.</summary>
    public static async Task MakeAsync(ControlPlaneContext context, string version, CancellationToken cancellationToken)
    {
        // The rows are those of a version before credentials had certificates of their own: later ones get them as a server would.
        var versions = context.Database.GetMigrations().ToList();
        var certificates = versions.FindIndex(name => name.EndsWith("_RunnerCertificates", StringComparison.Ordinal));
        var ofRows = versions.IndexOf(version) < certificates ? version : versions[certificates - 1];
        await context.GetService<IMigrator>().MigrateAsync(ofRows, cancellationToken);
        foreach (var (sql, values) in Rows)
            await context.Database.ExecuteSqlRawAsync(sql, values, cancellationToken);
        if (await KnowsVariablesAsync(context, cancellationToken))
        {
            foreach (var sql in Variables)
                await context.Database.ExecuteSqlRawAsync(sql, cancellationToken);
        }

        await context.GetService<IMigrator>().MigrateAsync(version, cancellationToken);
    }

    public static async Task<bool> KnowsVariablesAsync(ControlPlaneContext context, CancellationToken cancellationToken)
    {
        var applied = await context.Database.GetAppliedMigrationsAsync(cancellationToken);
        // PostgreSQL's first schema has them.
        return context is PostgreSqlControlPlaneContext || applied.Any(name => name.EndsWith("_Secrets", StringComparison.Ordinal));
    }

    public static ControlPlaneContext Open(TemporaryFolder folder, PostgreSqlUrl? postgreSql) => postgreSql is null
        ? new SqliteControlPlaneContext(new DbContextOptionsBuilder<SqliteControlPlaneContext>()
            .UseSqlite($"Data Source={Path.Combine(folder.Data, "planton.db")};Pooling=false").Options)
        : new PostgreSqlControlPlaneContext(new DbContextOptionsBuilder<PostgreSqlControlPlaneContext>()
            .UseNpgsql(postgreSql.ConnectionString).Options);

    private static (string Sql, object[] Values) Key(string ownerColumns, string owner, IssuedApiKey key) => (
        $"INSERT INTO api_keys (\"Id\", {ownerColumns}, \"SecretHash\", \"Fingerprint\", \"CreatedAt\") VALUES ({{0}}, {owner}, {{1}}, {{2}}, 1)",
        [key.Id, key.SecretHash, key.Fingerprint]);
}
