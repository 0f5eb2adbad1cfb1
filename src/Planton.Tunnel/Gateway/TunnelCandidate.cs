using System.Net;
using System.Security.Cryptography.X509Certificates;
using Planton.Tunnel.Identity;

namespace Planton.Tunnel.Gateway;

/// <summary>A runner that has proved to hold a certificate of our authority, and is not admitted yet.</summary>
/// <param name="TunnelId">The id the tunnel will have.</param>
/// <param name="Identity">From the certificate alone.</param>
/// <param name="Certificate">The runner's certificate.</param>
/// <param name="RemoteEndPoint">Where the connection comes from.</param>
public sealed record TunnelCandidate(string TunnelId, RunnerIdentity Identity, X509Certificate2 Certificate, EndPoint? RemoteEndPoint);
