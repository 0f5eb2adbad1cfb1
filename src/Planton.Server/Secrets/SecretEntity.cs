namespace Planton.Server.Secrets;

/// <summary>A secret's name and place; its values are in its versions.</summary>
internal sealed class SecretEntity
{
    public required string Id { get; init; }

    public required string OrganizationId { get; init; }

    /// <summary>Null: the whole organization's.</summary>
    public string? EnvironmentId { get; init; }

    /// <summary>The environment's id, or else the organization's: its name is unique there.</summary>
    public required string ScopeId { get; init; }

    public required string Name { get; init; }

    /// <summary>The newest version's number.</summary>
    public required int Version { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }
}
