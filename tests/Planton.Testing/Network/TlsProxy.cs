using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Planton.Testing.Network;

/// <summary>Ends TLS in front of a server that speaks plain HTTP, as nginx does, and passes the bytes on.</summary>
/// <param name="certificate">What it shows, with its key.</param>
public sealed class TlsProxy(X509Certificate2 certificate) : LoopbackProxy
{
    /// <summary>The server behind it; connections before it is known are closed.</summary>
    public IPEndPoint? Target { get; set; }

    /// <inheritdoc/>
    private protected override async Task ServeAsync(NetworkStream client, CancellationToken cancellationToken)
    {
        if (Target is not { } target)
            return;
        await using var tls = new SslStream(client);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, cancellationToken);
        await JoinAsync(tls, target, () => Task.CompletedTask, cancellationToken);
    }
}
