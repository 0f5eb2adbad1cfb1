namespace Planton.EndToEnd.Tests.Installations;

/// <summary>The databases that the server runs on.</summary>
public enum DatabaseKind
{
    Sqlite,
    PostgreSql,
}
