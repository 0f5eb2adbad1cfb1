using Planton.Tunnel.Protocol;

namespace Planton.Tunnel.Gateway;

/// <summary>Decides whether a runner with a genuine certificate may have a tunnel, and is told what becomes of it.</summary>
public interface ITunnelAdmission
{
    /// <summary>Returns null to admit the candidate. An exception refuses it for now.</summary>
    ValueTask<LinkRefusal?> AdmitAsync(TunnelCandidate candidate, CancellationToken cancellationToken);

    /// <summary>The runner has greeted and operations may be sent. Called before the first one is.</summary>
    ValueTask OnReadyAsync(GatewayTunnel tunnel, CancellationToken cancellationToken);

    /// <summary>
    /// The runner asks for its next certificate, over the tunnel that its present one has opened. What is in the request says
    /// nothing of who asks. An exception refuses it for now.
    /// </summary>
    /// <param name="tunnel">Who asks.</param>
    /// <param name="request">PKCS#10 in DER, unchecked.</param>
    /// <param name="cancellationToken">Cancelled when the tunnel ends.</param>
    ValueTask<CertificateRenewal> RenewAsync(GatewayTunnel tunnel, ReadOnlyMemory<byte> request, CancellationToken cancellationToken) =>
        new(CertificateRenewal.Refused(RenewalCode.Unsupported, "this gateway renews no certificates"));

    /// <summary>The tunnel is closed. Called once for each <see cref="OnReadyAsync"/>.</summary>
    ValueTask OnClosedAsync(GatewayTunnel tunnel, CancellationToken cancellationToken);
}
