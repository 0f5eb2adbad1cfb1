using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Planton.Tunnel.Protocol;

namespace Planton.Tunnel.Runner;

/// <summary>One dial: resolve, connect (through the egress proxy if there is one), shake hands.</summary>
internal sealed class TunnelDialer(TunnelRunnerOptions options, IdentityKeeper identity)
{

    /// <exception cref="DialException">Always names the step that failed.</exception>
    public async Task<(SslStream Stream, Socket Socket, TunnelIdentity Identity)> DialAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.DialTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var step = "connecting";
        var current = identity.Current;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? stream = null;
        try
        {
            await ProxyConnect.ConnectAsync(socket, options.Host, options.Port, options.Proxy, either.Token).ConfigureAwait(false);
            step = "the TLS handshake";
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await HandshakeAsync(stream, current, either.Token).ConfigureAwait(false);
            if (stream.NegotiatedApplicationProtocol != TunnelProtocol.ApplicationProtocol)
                throw new DialException(DialFailure.Tls, $"{Address} does not speak {TunnelProtocol.Alpn}: it is not a gateway, or something in between ends TLS");
            return (stream, socket, current);
        }
        catch (Exception e)
        {
            if (stream is not null)
                await stream.DisposeAsync().ConfigureAwait(false);
            socket.Dispose();
            if (Classify(e, step, limit.IsCancellationRequested) is { } known)
                throw known;
            throw;
        }
    }

    private string Address => $"{options.Host}:{options.Port}";

    private async Task HandshakeAsync(SslStream stream, TunnelIdentity current, CancellationToken cancellationToken)
    {
        var faults = "";
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(current.TrustedRoots);
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = options.Host,
                    ClientCertificateContext = SslStreamCertificateContext.Create(current.Certificate, additionalCertificates: null, offline: true),
                    EnabledSslProtocols = SslProtocols.Tls13,
                    ApplicationProtocols = [TunnelProtocol.ApplicationProtocol],
                    CertificateChainPolicy = policy,
                    AllowTlsResume = false,
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                    {
                        faults = errors == SslPolicyErrors.None ? "" : Describe(certificate, chain, errors);
                        return errors == SslPolicyErrors.None;
                    },
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (AuthenticationException e) when (faults.Length > 0)
        {
            throw new DialException(DialFailure.Tls, faults, e);
        }
    }

    private string Describe(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var statuses = chain?.ChainStatus.Select(s => s.Status).Distinct().ToArray() ?? [];
        var reason =
            errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) ? "it showed no certificate"
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? $"its certificate is not for {options.Host}"
            : statuses is [X509ChainStatusFlags.NotTimeValid] ? "its certificate is not valid now (check both clocks)"
            : $"its certificate is not from the control plane's authority ({string.Join(", ", statuses)}); issuer: {certificate?.Issuer}. A proxy that opens TLS cannot be used for the tunnel";
        return $"the gateway at {Address} was not accepted: {reason}";
    }

    private DialException? Classify(Exception e, string step, bool timedOut) => e switch
    {
        DialException known => known,
        OperationCanceledException when timedOut =>
            new(DialFailure.TimedOut, $"no answer from {Address} within {options.DialTimeout.TotalSeconds:0} s ({step})", e),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
            new(DialFailure.NameResolution, $"the name {options.Host} does not resolve", e),
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => new(DialFailure.Refused, $"{Address} refuses connections", e),
        SocketException { SocketErrorCode: SocketError.TimedOut } => new(DialFailure.TimedOut, $"no answer from {Address}", e),
        SocketException other => new(DialFailure.Network, $"{Address}: {other.SocketErrorCode}", e),
        AuthenticationException or IOException when step != "connecting" =>
            new(DialFailure.Tls, $"the TLS handshake with {Address} failed: {e.Message}", e),
        IOException => new(DialFailure.Network, $"{Address}: {e.Message}", e),
        _ => null,
    };
}
