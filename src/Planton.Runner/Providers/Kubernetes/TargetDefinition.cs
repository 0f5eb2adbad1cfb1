using Planton.Runner.Providers.Kubernetes.Configuration;

namespace Planton.Runner.Providers.Kubernetes;

/// <summary>
/// Everything about one cluster and how to log in to it, with the files' contents read in. Two that are equal share their
/// connections. Printing it prints no secret.
/// </summary>
internal sealed record TargetDefinition
{
    /// <summary>The context, or where the definition comes from, for messages.</summary>
    public required string Name { get; init; }

    public required Uri Server { get; init; }

    /// <summary>The server by the address that was checked, where a proxy is not to resolve its name; else null.</summary>
    public Uri? Pinned { get; init; }

    /// <summary>What requests are sent to.</summary>
    public Uri Dialled => Pinned ?? Server;

    /// <summary>PEM; null for the authorities of the operating system.</summary>
    public string? AuthorityPem { get; init; }

    public bool SkipVerify { get; init; }

    public string? TlsServerName { get; init; }

    public string? ProxyUrl { get; init; }

    public string? ClientCertificatePem { get; init; }

    public string? ClientKeyPem { get; init; }

    public string? Token { get; init; }

    /// <summary>Goes before <see cref="Token"/>; read again as it ages.</summary>
    public string? TokenFile { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    public ExecSpec? Exec { get; init; }

    /// <summary>JSON that the plugin is told about the cluster; null when it does not ask.</summary>
    public string? ExecExtension { get; init; }

    /// <summary>What mends a fault in it.</summary>
    public string Advice { get; init; } = "Mend the runner's kubeconfig";

    /// <summary>The Host header, where it is not the server's own name.</summary>
    public string? HostHeader => (TlsServerName ?? (Pinned is null ? null : Server.IdnHost)) is not { } name ? null
        : Server.IsDefaultPort ? name
        : $"{name}:{Server.Port}";

    /// <summary><c>host:port</c> as messages name it.</summary>
    public string Address => Server.Authority.Contains(':', StringComparison.Ordinal) && !Server.IsDefaultPort
        ? Server.Authority
        : $"{Server.Host}:{Server.Port}";

    public override string ToString() => $"{Name} ({Address})";
}
