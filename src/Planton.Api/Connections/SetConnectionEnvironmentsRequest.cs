namespace Planton.Api.Connections;

/// <summary>Body of <c>PUT …/connections/NAME/environments</c>.</summary>
/// <param name="Environments">The environments that may use it; empty for all.</param>
public sealed record SetConnectionEnvironmentsRequest(IReadOnlyList<string>? Environments);
