namespace Planton.Api.Environments;

/// <summary>A part of an organization, such as staging: secrets, variables and connections can be its own.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Name">A slug, unique in its organization.</param>
/// <param name="Organization">The organization's name.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
public sealed record OrganizationEnvironment(string Id, string Name, string Organization, DateTimeOffset CreatedAt);
