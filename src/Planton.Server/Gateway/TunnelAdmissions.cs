using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Planton.Tunnel.Gateway;

namespace Planton.Server.Gateway;

/// <summary>
/// Which credential each tunnel was admitted with, and whether anything was revoked since. The entries hang on the certificate
/// object that a tunnel keeps, so that they end with it, whatever becomes of the tunnel.
/// </summary>
internal sealed class TunnelAdmissions
{
    private readonly ConditionalWeakTable<X509Certificate2, Admission> _admissions = [];
    private int _generation;

    /// <summary>Taken before the database is asked about a tunnel, and given to <see cref="Note"/>.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>To be called after a revocation is stored and before the open tunnels are looked through for what to cut.</summary>
    public void Revoked() => Interlocked.Increment(ref _generation);

    public void Note(TunnelCandidate candidate, string credentialId, string authorityId, int generation) =>
        _admissions.AddOrUpdate(candidate.Certificate, new Admission(credentialId, authorityId, generation));

    /// <summary>Null for a tunnel that was not admitted here.</summary>
    public string? CredentialOf(GatewayTunnel tunnel) =>
        _admissions.TryGetValue(tunnel.Certificate, out var admission) ? admission.CredentialId : null;

    /// <summary>The authority that the tunnel's certificate comes from; null as above.</summary>
    public string? AuthorityOf(GatewayTunnel tunnel) =>
        _admissions.TryGetValue(tunnel.Certificate, out var admission) ? admission.AuthorityId : null;

    /// <summary>
    /// Whether a revocation was stored after the database was asked about this tunnel. Whoever revoked may have looked through
    /// the tunnels before this one was among them: it must be asked about again.
    /// </summary>
    public bool IsOutdated(GatewayTunnel tunnel) =>
        !_admissions.TryGetValue(tunnel.Certificate, out var admission) || admission.Generation != Generation;

    private sealed record Admission(string CredentialId, string AuthorityId, int Generation);
}
