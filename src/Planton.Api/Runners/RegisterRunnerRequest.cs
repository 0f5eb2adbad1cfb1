namespace Planton.Api.Runners;

/// <summary>Body of <c>POST …/runners</c>.</summary>
/// <param name="Name">A slug: see <see cref="Slug"/>.</param>
public sealed record RegisterRunnerRequest(string? Name);
