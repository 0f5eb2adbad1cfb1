namespace Planton.Api.ServiceAccounts;

/// <summary>Body of <c>POST …/service-accounts</c>.</summary>
/// <param name="Name">A slug; names that begin with <c>runner-</c> are those of runners.</param>
/// <param name="Role"><c>viewer</c> when null; at most the caller's own.</param>
public sealed record CreateServiceAccountRequest(string? Name, string? Role = null);
