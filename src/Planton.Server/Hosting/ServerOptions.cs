using Planton.Api;
using Planton.Server.CertificateAuthority;
using Planton.Server.Quotas;
using Planton.Server.Storage.PostgreSql;

namespace Planton.Server.Hosting;

/// <summary>The server's settings, validated.</summary>
internal sealed record ServerOptions
{
    /// <summary><c>--data</c>: database, master key, certificates.</summary>
    public string DataDirectory { get; init; } = "./data";

    /// <summary><c>--http</c>: the API. Port 0 picks a free one.</summary>
    public HostAndPort Http { get; init; } = new("127.0.0.1", 8080);

    /// <summary><c>--tunnel</c>: the gateway. Port 0 picks a free one.</summary>
    public HostAndPort Tunnel { get; init; } = new("127.0.0.1", 8443);

    /// <summary><c>--public-url</c>: the control-plane endpoint in credentials; null to derive it from <see cref="Http"/>.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary><c>--public-tunnel</c>: the tunnel endpoint in credentials; null to derive it from <see cref="Tunnel"/>.</summary>
    public HostAndPort? PublicTunnel { get; init; }

    /// <summary><c>--database</c>: null for SQLite in the data folder.</summary>
    public PostgreSqlUrl? Database { get; init; }

    /// <summary><c>--master-key-file</c>: null to make one in the data folder.</summary>
    public string? MasterKeyFile { get; init; }

    /// <summary><c>--tls-cert</c>: PEM, the certificate and its intermediates. With <see cref="TlsKeyFile"/> or not at all.</summary>
    public string? TlsCertificateFile { get; init; }

    /// <summary><c>--tls-key</c>: PEM.</summary>
    public string? TlsKeyFile { get; init; }

    /// <summary><c>--insecure-http</c>: plain HTTP on an address that others reach, because a TLS proxy stands in front.</summary>
    public bool InsecureHttp { get; init; }

    /// <summary><c>--log-level</c>.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary><c>--log-format</c>: JSON instead of one line of text.</summary>
    public bool JsonLogs { get; init; }

    /// <summary><c>--drain-timeout</c>: how long requests under way may take to end after a stop was asked for. Below the 30 s that Kubernetes waits.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary><c>--stop-delay</c>: how long the server goes on taking requests, not ready, so that load balancers notice before it closes.</summary>
    public TimeSpan StopDelay { get; init; } = TimeSpan.Zero;

    /// <summary>How long a client of the HTTP port may take to send its first byte.</summary>
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>--quota</c>.</summary>
    public QuotaOptions Quotas { get; init; } = new();

    public CertificateOptions Certificates { get; init; } = new();

    /// <summary>Whether the HTTP port has a certificate of its own; without it, it speaks plain HTTP, and TLS by our authority.</summary>
    public bool HasTlsCertificate => TlsCertificateFile is not null;
}
