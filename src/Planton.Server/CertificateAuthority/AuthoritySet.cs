using System.Security.Cryptography.X509Certificates;

namespace Planton.Server.CertificateAuthority;

/// <summary>The authorities that are trusted at one moment, oldest first. At least one.</summary>
internal sealed class AuthoritySet(IReadOnlyList<Authority> authorities)
{
    public IReadOnlyList<Authority> All { get; } = authorities;

    /// <summary>
    /// What runners' certificates come from: the newest. Whoever has a certificate of it was told of all those that were trusted
    /// then, the older ones too.
    /// </summary>
    public Authority OfRunners => All[^1];

    /// <summary>What the server's own certificate comes from: the oldest, which every credentials document out there knows.</summary>
    public Authority OfServer => All[0];

    public X509Certificate2Collection TrustBundle { get; } = [.. authorities.Select(authority => authority.PublicCertificate)];

    public string TrustBundlePem { get; } = string.Concat(authorities.Select(authority => authority.PublicCertificate.ExportCertificatePem() + "\n"));
}
