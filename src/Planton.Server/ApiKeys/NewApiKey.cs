using Planton.Api.ApiKeys;
using Planton.Server.Encryption;

namespace Planton.Server.ApiKeys;

/// <summary>A key that was just made: what is stored of it, and for the answer alone the key itself.</summary>
internal sealed record NewApiKey(ApiKey Stored, SecretBytes Key)
{
    /// <summary>Stands in an answer where the key is to be.</summary>
    public const string Mark = "{API key}";

    public IReadOnlyList<KeyValuePair<string, SecretBytes>> Secrets => [new(Mark, Key)];

    /// <summary>Without the key: a record's own text would put it into any log that prints it.</summary>
    public override string ToString() => $"API key {Stored.Id} ({Stored.Fingerprint}), {(Stored.ExpiresAt is { } end ? $"until {end.UtcDateTime:u}" : "without end")}";
}
