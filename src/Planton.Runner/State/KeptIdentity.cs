using System.Security.Cryptography.X509Certificates;

namespace Planton.Runner.State;

/// <summary>What was found in the state folder and may be used.</summary>
/// <param name="Certificate">With its key; null when there is none, or none that is good now.</param>
/// <param name="IssuedAt">When that was issued, UTC.</param>
/// <param name="TrustedRoots">The authorities that the control plane named last.</param>
internal sealed record KeptIdentity(X509Certificate2? Certificate, DateTimeOffset IssuedAt, X509Certificate2Collection TrustedRoots);
