namespace Planton.Api.Organizations;

/// <summary>A tenant.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Name">A slug, unique in the control plane.</param>
/// <param name="CreatedAt">UTC.</param>
public sealed record Organization(string Id, string Name, DateTimeOffset CreatedAt);
