namespace Planton.Server.Tests.Fixture;

/// <summary>A class's server, on SQLite.</summary>
public sealed class OnSqlite() : SharedServer(DatabaseKind.Sqlite);
