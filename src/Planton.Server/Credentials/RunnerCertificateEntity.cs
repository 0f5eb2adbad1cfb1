namespace Planton.Server.Credentials;

/// <summary>One certificate of a credential: the first one, or one that its runner has renewed. What identifies it, never a key.</summary>
internal sealed class RunnerCertificateEntity
{
    public required string Id { get; init; }

    public required string CredentialId { get; init; }

    /// <summary>The authority that it comes from.</summary>
    public required string AuthorityId { get; init; }

    /// <summary>Upper-case hexadecimal, as <see cref="System.Security.Cryptography.X509Certificates.X509Certificate.GetSerialNumberString"/> writes it.</summary>
    public required string Serial { get; init; }

    /// <summary>Upper-case hexadecimal SHA-256 of the certificate's DER.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Upper-case hexadecimal SHA-256 of the public key, so that no key is certified twice. Null: from before it was kept.</summary>
    public string? KeySha256 { get; init; }

    /// <summary>Whether the runner asked for it; else it is the one in the credentials document.</summary>
    public required bool Renewed { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When a tunnel was opened with it last.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>Whether a runner that opened a tunnel with it keeps it beyond its process.</summary>
    public bool Kept { get; set; }
}
