using Planton.Testing.Databases;

namespace Planton.EndToEnd.Tests.Installations;

/// <summary>Where a server keeps what it stores: the folder behind <c>--data</c>, and its database.</summary>
/// <param name="Folder">The data folder.</param>
/// <param name="Database">SQLite in the folder, or PostgreSQL.</param>
/// <param name="DatabaseName">The name of the database in PostgreSQL.</param>
internal sealed record ServerData(string Folder, DatabaseKind Database, string DatabaseName)
{
    /// <summary>What <c>--database</c> is given; null for SQLite.</summary>
    public string? Url => Database == DatabaseKind.PostgreSql ? PostgreSqlServer.UrlOf(DatabaseName) : null;
}
