namespace Planton.Server.Connections;

/// <summary>An environment that may use a connection. One that has none may be used by all.</summary>
internal sealed class ConnectionEnvironmentEntity
{
    public required string ConnectionId { get; init; }

    public required string EnvironmentId { get; init; }
}
