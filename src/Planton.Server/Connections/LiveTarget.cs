namespace Planton.Server.Connections;

/// <summary>What an operation in flight goes through. It ends when the connection may not be used for that environment any more.</summary>
/// <param name="ConnectionId">The connection.</param>
/// <param name="Connection">Its name.</param>
/// <param name="EnvironmentId">The environment that the request is for; null for the organization as a whole.</param>
/// <param name="Environment">Its name.</param>
internal sealed record LiveTarget(string ConnectionId, string Connection, string? EnvironmentId, string? Environment);
