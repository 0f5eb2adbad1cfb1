using System.Security.Cryptography.X509Certificates;
using Planton.Api;
using Planton.Api.Runners;
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
