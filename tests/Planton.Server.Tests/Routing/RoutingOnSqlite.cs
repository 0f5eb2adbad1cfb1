using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Routing;

/// <summary>A class's server with real tunnels, on SQLite.</summary>
public sealed class RoutingOnSqlite() : RoutingServer(DatabaseKind.Sqlite);
