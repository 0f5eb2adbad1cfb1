namespace Planton.Api.Audit;

/// <summary>Who asked.</summary>
/// <param name="Kind"><c>user</c>, <c>service-account</c>, <c>runner</c>, <c>system</c> or <c>anonymous</c>.</param>
/// <param name="Id">The id; empty for <c>system</c> and <c>anonymous</c>.</param>
/// <param name="Name">The name at the time.</param>
/// <param name="ApiKeyId">The public part of the API key that was presented.</param>
public sealed record AuditActor(string Kind, string Id, string Name, string? ApiKeyId = null);
