using System.Security.Cryptography.X509Certificates;

namespace Planton.Tunnel.Runner;

/// <summary>What a gateway answered to a renewal: both, or a code.</summary>
internal sealed record RenewalAnswer(X509Certificate2? Certificate, X509Certificate2Collection? Trust, string? Code, string Detail);
