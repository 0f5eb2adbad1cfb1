using System.Security.Cryptography.X509Certificates;
using Planton.Api;
using Planton.Api.Runners;
using Planton.Runner.State;
using Planton.Tunnel.Identity;

namespace Planton.Runner.Credentials;

/// <summary>A checked credentials document with its keys read. Printing it prints no secret.</summary>
internal sealed class LoadedCredentials : IDisposable
{
    /// <summary>Where it was found.</summary>
    public required string Source { get; init; }

    public required RunnerIdentity Identity { get; init; }

    public required RunnerCredentialsMetadata Metadata { get; init; }

    /// <summary>The runner's certificate, with its private key.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>When that was issued, UTC; null when the document does not say.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>Where renewed certificates are kept; null without a state folder.</summary>
    public CertificateState? State { get; init; }

    /// <summary>What is wrong with what the state folder holds; null when nothing is.</summary>
    public string? StateFault { get; init; }

    /// <summary>The authorities of the gateway's certificate.</summary>
    public required X509Certificate2Collection TunnelRoots { get; init; }

    public required HostAndPort TunnelEndpoint { get; init; }

    public required Uri ControlPlane { get; init; }

    /// <summary>The authorities of the control plane's certificate; null when it is publicly trusted.</summary>
    public X509Certificate2Collection? ControlPlaneRoots { get; init; }

    public required string ApiKey { get; init; }

    public void Dispose()
    {
        Certificate.Dispose();
        foreach (var root in TunnelRoots)
            root.Dispose();
        foreach (var root in ControlPlaneRoots ?? [])
            root.Dispose();
    }

    public override string ToString() => $"{Identity} from {Source}";
}
