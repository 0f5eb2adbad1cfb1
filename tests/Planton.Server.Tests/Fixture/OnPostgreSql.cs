namespace Planton.Server.Tests.Fixture;

/// <summary>A class's server, on PostgreSQL.</summary>
public sealed class OnPostgreSql() : SharedServer(DatabaseKind.PostgreSql);
