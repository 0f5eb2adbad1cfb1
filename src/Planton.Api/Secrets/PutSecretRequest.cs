namespace Planton.Api.Secrets;

/// <summary>Body of <c>PUT …/secrets/NAME</c>: either <see cref="Values"/> or <see cref="Value"/>.</summary>
public sealed record PutSecretRequest
{
    /// <summary>The key under which a single value is kept.</summary>
    public const string SingleKey = "value";

    /// <summary>The most versions that are kept; the oldest goes when there are more.</summary>
    public const int MaxVersions = 100;

    /// <summary>The most bytes of all keys and values of one version together, in UTF-8.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>All keys and values of the new version.</summary>
    public IReadOnlyDictionary<string, string>? Values { get; init; }

    /// <summary>A single value: the same as <see cref="Values"/> with <see cref="SingleKey"/> alone.</summary>
    public string? Value { get; init; }

    /// <summary>Says nothing of the values.</summary>
    public override string ToString() => nameof(PutSecretRequest);
}
