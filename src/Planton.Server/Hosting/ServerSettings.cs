namespace Planton.Server.Hosting;

/// <summary>The settings as they were given, before anything is made of them. Null: not given.</summary>
internal sealed record ServerSettings
{
    public string? Data { get; init; }

    public string? Http { get; init; }

    public string? Tunnel { get; init; }

    public string? PublicUrl { get; init; }

    public string? PublicTunnel { get; init; }

    public string? Database { get; init; }

    public string? MasterKeyFile { get; init; }

    public string? TlsCertificate { get; init; }

    public string? TlsKey { get; init; }

    public string? InsecureHttp { get; init; }

    public string? LogLevel { get; init; }

    public string? LogFormat { get; init; }

    public string? DrainTimeout { get; init; }

    public string? StopDelay { get; init; }

    public string? CertificateDays { get; init; }

    /// <summary>One text for all of them, with commas in between.</summary>
    public string? Quota { get; init; }
}
