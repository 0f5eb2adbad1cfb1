namespace Planton.Server.Secrets;

/// <summary>One version of a secret. Never changed.</summary>
internal sealed class SecretVersionEntity
{
    public required string Id { get; init; }

    public required string SecretId { get; init; }

    public required int Version { get; init; }

    /// <summary>JSON of keys and values, encrypted under the organization's key.</summary>
    public required byte[] SealedValues { get; init; }

    /// <summary>The keys, one a line: they are no secret.</summary>
    public required string Keys { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public IReadOnlyList<string> KeyList => Keys.Split('\n');
}
