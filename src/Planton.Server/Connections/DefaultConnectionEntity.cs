namespace Planton.Server.Connections;

/// <summary>The connection that is used where none is named.</summary>
internal sealed class DefaultConnectionEntity
{
    /// <summary>The environment's id, or else the organization's: each has one default.</summary>
    public required string ScopeId { get; init; }

    public required string OrganizationId { get; init; }

    /// <summary>Null: the organization's default.</summary>
    public string? EnvironmentId { get; init; }

    public required string ConnectionId { get; set; }
}
