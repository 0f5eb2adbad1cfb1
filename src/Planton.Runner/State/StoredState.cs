namespace Planton.Runner.State;

/// <summary>The file in the state folder.</summary>
internal sealed record StoredState
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary><c>metadata.id</c> of the credentials that it belongs to.</summary>
    public string? CredentialId { get; init; }

    /// <summary>When <see cref="Certificate"/> was issued, UTC.</summary>
    public DateTimeOffset IssuedAt { get; init; }

    /// <summary>PEM; null while the one of the credentials is in use.</summary>
    public string? Certificate { get; init; }

    /// <summary>PKCS#8 in PEM.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>The authorities of the control plane, PEM.</summary>
    public string? CaCertificates { get; init; }

    /// <summary>Without the key.</summary>
    public override string ToString() => $"state of credential {CredentialId}";
}
