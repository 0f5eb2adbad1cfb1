namespace Planton.EndToEnd.Tests.Installations;

/// <summary>As <see cref="CommonInstallation"/>, on PostgreSQL.</summary>
public sealed class CommonInstallationOnPostgreSql() : SharedInstallation(DatabaseKind.PostgreSql);
