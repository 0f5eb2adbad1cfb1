namespace Planton.Api.Runners;

/// <summary>Where the gateway is, and the keys of the mutual TLS with it.</summary>
public sealed record TunnelCredentials
{
    /// <summary><c>host:port</c>.</summary>
    public string? Endpoint { get; init; }

    /// <summary>PEM: the authorities that the gateway's certificate may come from.</summary>
    public string? CaCertificates { get; init; }

    /// <summary>PEM: the runner's certificate.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM: the runner's private key (PKCS#8).</summary>
    public string? PrivateKey { get; init; }
}
