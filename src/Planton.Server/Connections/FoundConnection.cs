namespace Planton.Server.Connections;

/// <summary>A connection that may be used in the environment that was asked for.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Environment">The environment's name; null for the organization as a whole.</param>
internal sealed record FoundConnection(ConnectionEntity Connection, string? Environment);
