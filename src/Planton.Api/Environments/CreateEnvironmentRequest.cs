namespace Planton.Api.Environments;

/// <summary>Body of <c>POST …/environments</c>.</summary>
/// <param name="Name">A slug: see <see cref="Slug"/>.</param>
public sealed record CreateEnvironmentRequest(string? Name);
