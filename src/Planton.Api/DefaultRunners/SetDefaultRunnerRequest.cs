namespace Planton.Api.DefaultRunners;

/// <summary>Body of <c>PUT …/default-runner</c>.</summary>
/// <param name="Runner">A runner of that organization, or of the platform for the platform's default.</param>
public sealed record SetDefaultRunnerRequest(string? Runner);
