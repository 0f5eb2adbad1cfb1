namespace Planton.Api.Server;

/// <summary>Answer of <c>GET /api/v1/server</c>: how clients reach this control plane.</summary>
public sealed record ServerInfo
{
    /// <summary>The server's version.</summary>
    public required string Version { get; init; }

    /// <summary>The API's base URL.</summary>
    public required string PublicUrl { get; init; }

    /// <summary>
    /// The base URL for Kubernetes clients, always https: they send no bearer key over plain HTTP.
    /// A connection is at <c>{KubernetesUrl}/kubernetes/{org}/{connection}</c>.
    /// </summary>
    public required string KubernetesUrl { get; init; }

    /// <summary>PEM: the authority behind <see cref="KubernetesUrl"/>; null when it is publicly trusted.</summary>
    public string? KubernetesCaCertificates { get; init; }
}
