using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Planton.Testing;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Protocol;

namespace Planton.Runner.Tests.Fixtures;

/// <summary>A gateway with one authority and an admission that a test decides.</summary>
internal sealed class TestGateway : IGatewayCertificates, ITunnelAdmission, IAsyncDisposable
{
    private readonly TunnelGateway _gateway;
    private int _refused;

    private TestGateway(TestAuthority authority)
    {
        ServerCertificate = SslStreamCertificateContext.Create(authority.Server(), null, offline: true);
        TrustBundle = authority.Roots;
        _gateway = new TunnelGateway(
            new TunnelGatewayOptions { ListenOn = new IPEndPoint(IPAddress.Loopback, 0) }, this, this, Registry, TimeProvider.System,
            NullLogger<TunnelGateway>.Instance);
    }

    public TunnelRegistry Registry { get; } = new();

    public LinkRefusal? Refusal { get; set; }

    /// <summary>How many links were refused so far.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Signs what a runner asks for; null: renews nothing.</summary>
    public Func<ReadOnlyMemory<byte>, X509Certificate2>? Renew { get; set; }

    public string Address => _gateway.LocalEndPoint!.ToString();

    public string TrustDomain => TestIdentity.Domain;

    public SslStreamCertificateContext ServerCertificate { get; }

    public X509Certificate2Collection TrustBundle { get; }

    public static async Task<TestGateway> StartAsync(TestAuthority authority)
    {
        var gateway = new TestGateway(authority);
        await gateway._gateway.StartAsync(CancellationToken.None);
        return gateway;
    }

    /// <summary>Sends a request through the runner's tunnel, once there is one.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        OperationLease? lease = null;
        await Eventually.BecomesTrueAsync(
            () => (lease = Registry.TryBeginOperation(TestIdentity.Runner)) is not null, "the runner has a tunnel", cancellationToken: cancellationToken);
        using (lease)
            return await lease!.Tunnel.Invoker.SendAsync(request, cancellationToken);
    }

    /// <summary>Sends a request through a tunnel whose runner has not said that it takes operations, as no right gateway does.</summary>
    public async Task<HttpResponseMessage> SendEarlyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Eventually.BecomesTrueAsync(() => !Registry.Of(TestIdentity.Runner).IsEmpty, "the runner has a tunnel", cancellationToken: cancellationToken);
        Assert.Null(Registry.TryBeginOperation(TestIdentity.Runner));
        return await Registry.Of(TestIdentity.Runner)[0].Invoker.SendAsync(request, cancellationToken);
    }

    public ValueTask<LinkRefusal?> AdmitAsync(TunnelCandidate candidate, CancellationToken cancellationToken)
    {
        var refusal = Refusal;
        if (refusal is not null)
            Interlocked.Increment(ref _refused);
        return ValueTask.FromResult(refusal);
    }

    public ValueTask<CertificateRenewal> RenewAsync(GatewayTunnel tunnel, ReadOnlyMemory<byte> request, CancellationToken cancellationToken) => new(
        Renew is null ? CertificateRenewal.Refused(RenewalCode.Unsupported, "not here") : CertificateRenewal.Issued(Renew(request)));

    public ValueTask OnReadyAsync(GatewayTunnel tunnel, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask OnClosedAsync(GatewayTunnel tunnel, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();
}
