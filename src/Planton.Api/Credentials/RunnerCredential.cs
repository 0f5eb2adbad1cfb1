using Planton.Api.Identity;

namespace Planton.Api.Credentials;

/// <summary>One set of credentials that was issued for a runner: what identifies it, never its secrets.</summary>
public sealed record RunnerCredential
{
    /// <summary>By which it is revoked; <c>metadata.id</c> of its document.</summary>
    public required string Id { get; init; }

    /// <summary>The serial number of its latest certificate, upper-case hexadecimal.</summary>
    public required string CertificateSerial { get; init; }

    /// <summary>The public part of its API key.</summary>
    public required string ApiKeyId { get; init; }

    /// <summary>Who made it.</summary>
    public required Actor CreatedBy { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the latest of its certificates ends, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When its runner last renewed its certificate, UTC; null: never.</summary>
    public DateTimeOffset? RenewedAt { get; init; }

    /// <summary>When a tunnel was opened with it, or its API key was used, last; to the minute. Null: never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When it was revoked, UTC; null when it was not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Who revoked it.</summary>
    public Actor? RevokedBy { get; init; }

    /// <summary>How many tunnels are open with it now.</summary>
    public int Connected { get; init; }
}
