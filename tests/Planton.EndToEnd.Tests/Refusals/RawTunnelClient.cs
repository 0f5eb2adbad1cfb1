using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Planton.Api;

namespace Planton.EndToEnd.Tests.Refusals;

/// <summary>A TLS client that speaks to the gateway as no runner would.</summary>
internal static class RawTunnelClient
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Connects, shakes hands and reads to the end. Returns how many bytes came after the handshake; −1 when that was not completed.</summary>
    public static async Task<long> ConnectAsync(
        string endpoint, X509Certificate2? certificate, SslProtocols protocols = SslProtocols.Tls13, string? alpn = "planton-tunnel/1")
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        Assert.True(HostAndPort.TryParse(endpoint, out var gateway));
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(gateway.Host, gateway.Port, limit.Token);
        await using var tls = new SslStream(tcp.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(Options(certificate, protocols, alpn), limit.Token);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return -1;
        }

        return await CountAsync(tls, limit.Token);
    }

    // The gateway's certificate is beside the point here: what is tested is whether the gateway takes ours.
    private static SslClientAuthenticationOptions Options(X509Certificate2? certificate, SslProtocols protocols, string? alpn) => new()
    {
        TargetHost = "localhost",
        EnabledSslProtocols = protocols,
        ApplicationProtocols = alpn is null ? null : [new SslApplicationProtocol(alpn)],
        ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
        RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
    };

    private static async Task<long> CountAsync(SslStream tls, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        long count = 0;
        try
        {
            while (await tls.ReadAsync(buffer, cancellationToken) is > 0 and var read)
                count += read;
        }
        catch (IOException)
        {
            // An alert after the client's part of the handshake, as TLS 1.3 sends it, is an end too.
        }

        return count;
    }
}
