namespace Planton.Server.CertificateAuthority;

/// <summary>The authority that runner and server certificates come from.</summary>
internal sealed class CertificateAuthorityEntity
{
    public required string Id { get; init; }

    public required string TrustDomain { get; init; }

    public required byte[] Certificate { get; init; }

    /// <summary>PKCS#8, encrypted under the master key. Empty once it is retired: nothing can come from it any more.</summary>
    public required byte[] SealedKey { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when it is not trusted any more.</summary>
    public DateTimeOffset? RetiredAt { get; set; }
}
