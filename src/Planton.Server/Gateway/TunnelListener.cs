using System.Net.Sockets;
using Planton.Server.Hosting;
using Planton.Tunnel.Gateway;

namespace Planton.Server.Gateway;

/// <summary>Starts and stops the gateway with the server, and says which setting is at fault when it cannot listen.</summary>
internal sealed class TunnelListener(TunnelGateway gateway, ServerOptions options) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await gateway.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException exception)
        {
            throw new IOException($"--tunnel: cannot listen on {options.Tunnel}: {exception.Message}", exception);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => gateway.StopAsync(cancellationToken);
}
