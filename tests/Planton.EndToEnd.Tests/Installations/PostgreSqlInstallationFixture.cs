namespace Planton.EndToEnd.Tests.Installations;

/// <summary>One installation on PostgreSQL for the tests of a class.</summary>
public sealed class PostgreSqlInstallationFixture() : SharedInstallation(DatabaseKind.PostgreSql);
