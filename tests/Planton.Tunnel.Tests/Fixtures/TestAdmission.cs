using System.Collections.Concurrent;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Protocol;

namespace Planton.Tunnel.Tests.Fixtures;

/// <summary>Admits whom the test says, and remembers what it was told.</summary>
internal sealed class TestAdmission : ITunnelAdmission
{
    public Func<TunnelCandidate, LinkRefusal?> Decide { get; set; } = _ => null;

    /// <summary>Answers a runner that asks for its next certificate. Null: as a gateway that renews nothing.</summary>
    public Func<GatewayTunnel, ReadOnlyMemory<byte>, CertificateRenewal>? Renew { get; set; }

    public ConcurrentQueue<GatewayTunnel> Ready { get; } = new();

    public ConcurrentQueue<GatewayTunnel> Closed { get; } = new();

    public ValueTask<LinkRefusal?> AdmitAsync(TunnelCandidate candidate, CancellationToken cancellationToken) => new(Decide(candidate));

    public ValueTask OnReadyAsync(GatewayTunnel tunnel, CancellationToken cancellationToken)
    {
        Ready.Enqueue(tunnel);
        return ValueTask.CompletedTask;
    }

    public ValueTask<CertificateRenewal> RenewAsync(GatewayTunnel tunnel, ReadOnlyMemory<byte> request, CancellationToken cancellationToken) =>
        new(Renew?.Invoke(tunnel, request) ?? CertificateRenewal.Refused(RenewalCode.Unsupported, "not here"));

    public ValueTask OnClosedAsync(GatewayTunnel tunnel, CancellationToken cancellationToken)
    {
        Closed.Enqueue(tunnel);
        return ValueTask.CompletedTask;
    }
}
