using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Kubernetes;

/// <summary>A class's server for real tunnels, on PostgreSQL.</summary>
public sealed class TunnelsOnPostgreSql() : TunnelServer(DatabaseKind.PostgreSql);
