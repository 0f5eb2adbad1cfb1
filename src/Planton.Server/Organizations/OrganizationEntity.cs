namespace Planton.Server.Organizations;

internal sealed class OrganizationEntity
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
