using Planton.Api;
using Planton.Runner.Credentials;
using Planton.Runner.Logging;

namespace Planton.Runner.Startup;

/// <summary>What <c>planton-runner start</c> was told.</summary>
internal sealed record StartSettings
{
    public const string DefaultHealth = "127.0.0.1:8081";

    public static readonly TimeSpan DefaultStartTimeout = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan DefaultDrainTimeout = TimeSpan.FromSeconds(20);

    public required CredentialsRequest Credentials { get; init; }

    /// <summary>Say where the credentials were looked for.</summary>
    public bool Verbose { get; init; }

    public string? KubeConfig { get; init; }

    /// <summary>Names of clusters that connections bring themselves are handed to the egress proxy unresolved.</summary>
    public bool ProxyResolvesNames { get; init; }

    public string? StateDirectory { get; init; }

    /// <summary>Where health checks are answered; null when they are off.</summary>
    public HostAndPort? Health { get; init; }

    /// <summary>How long tunnel and identity may take together.</summary>
    public TimeSpan StartTimeout { get; init; } = DefaultStartTimeout;

    /// <summary>How long operations under way may go on when the runner stops.</summary>
    public TimeSpan DrainTimeout { get; init; } = DefaultDrainTimeout;

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    public LogFormat LogFormat { get; init; } = LogFormat.Text;
}
