namespace Planton.Api.Connections;

/// <summary>Body of <c>PUT …/connections/NAME/default</c>.</summary>
/// <param name="Environment">The environment whose default it becomes; null for the organization's.</param>
public sealed record SetDefaultConnectionRequest(string? Environment);
