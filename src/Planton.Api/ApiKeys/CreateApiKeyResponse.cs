namespace Planton.Api.ApiKeys;

/// <summary>A new key.</summary>
/// <param name="ApiKey">What is stored of it.</param>
/// <param name="Key">The key itself (<c>pck_…</c>): in this answer alone.</param>
public sealed record CreateApiKeyResponse(ApiKey ApiKey, string Key)
{
    /// <summary>Without the key: a record's own text would put it into any log that prints it.</summary>
    public override string ToString() => $"API key {ApiKey.Id} ({ApiKey.Fingerprint})";
}
