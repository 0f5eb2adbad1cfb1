namespace Planton.Server.Tests.Fixture;

/// <summary>The databases that the server runs on.</summary>
public enum DatabaseKind
{
    Sqlite,
    PostgreSql,
}
