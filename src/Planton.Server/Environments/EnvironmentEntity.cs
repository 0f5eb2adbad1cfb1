namespace Planton.Server.Environments;

/// <summary>A part of an organization with secrets, variables and connections of its own.</summary>
internal sealed class EnvironmentEntity
{
    public required string Id { get; init; }

    public required string OrganizationId { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
