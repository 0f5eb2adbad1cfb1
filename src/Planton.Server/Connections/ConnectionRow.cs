namespace Planton.Server.Connections;

/// <summary>A connection with the name of its runner; null when the default runner is used.</summary>
internal sealed class ConnectionRow
{
    public required ConnectionEntity Connection { get; init; }

    public string? Runner { get; init; }
}
