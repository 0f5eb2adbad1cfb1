using Planton.Server.Environments;

namespace Planton.Server.Connections;

/// <summary>A connection that may be used in the environment that was asked for.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Environment">Null for the organization as a whole.</param>
internal sealed record FoundConnection(ConnectionEntity Connection, EnvironmentEntity? Environment);
