using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Routing;

/// <summary>A class's server with real tunnels, on PostgreSQL.</summary>
public sealed class RoutingOnPostgreSql() : RoutingServer(DatabaseKind.PostgreSql);
