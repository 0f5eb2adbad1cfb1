namespace Planton.Runner.Providers.Kubernetes.Configuration;

/// <summary>A <c>clusters</c> entry. Paths are absolute.</summary>
internal sealed record KubeCluster
{
    public string? Server { get; init; }

    public string? CertificateAuthority { get; init; }

    /// <summary>Base64 of PEM.</summary>
    public string? CertificateAuthorityData { get; init; }

    public bool InsecureSkipTlsVerify { get; init; }

    public string? TlsServerName { get; init; }

    public string? ProxyUrl { get; init; }

    /// <summary>JSON of the extension that credential plugins are given; null when there is none.</summary>
    public string? ExecExtension { get; init; }
}
