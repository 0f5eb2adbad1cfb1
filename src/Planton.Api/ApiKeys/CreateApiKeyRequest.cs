namespace Planton.Api.ApiKeys;

/// <summary>Body of a request for a new key.</summary>
/// <param name="ExpiresInSeconds">From 60 s to ten years; null: it does not end.</param>
public sealed record CreateApiKeyRequest(long? ExpiresInSeconds = null);
