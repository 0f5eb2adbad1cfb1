using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Kubernetes;

/// <summary>A class's server for real tunnels, on SQLite.</summary>
public sealed class TunnelsOnSqlite() : TunnelServer(DatabaseKind.Sqlite);
