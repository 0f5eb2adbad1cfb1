using System.Net.Sockets;
using Planton.Testing;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Handshake;

/// <summary>Strangers that connect and do nothing.</summary>
public sealed class PendingConnectionTests : TunnelTest
{
    [Fact]
    public async Task APeerThatSaysNothing_IsLetGoAfterTheHandshakeLimit()
    {
        var gateway = await StartGatewayAsync(options => options.HandshakeTimeout = TimeSpan.FromMilliseconds(200));
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.EndPoint, Cancelled);

        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], Cancelled).AsTask().WaitAsync(Eventually.DefaultTimeout, Cancelled));

        await Logs.WaitForAsync(r => r.Message.Contains("no handshake within", StringComparison.Ordinal), "no handshake within", cancellationToken: Cancelled);
    }

    [Fact]
    public async Task MorePendingConnectionsThanAllowed_AreClosedAtOnce_AndPlacesComeBack()
    {
        var gateway = await StartGatewayAsync(options => options.MaxPendingConnections = 2);
        using var first = new TcpClient();
        using var second = new TcpClient();
        await first.ConnectAsync(gateway.EndPoint, Cancelled);
        await second.ConnectAsync(gateway.EndPoint, Cancelled);
        using var third = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var args = new SocketAsyncEventArgs { RemoteEndPoint = gateway.EndPoint };

        // It may be reset as early as while it connects.
        third.ConnectAsync(args);

        await Logs.WaitForAsync(r => r.Message.Contains("closed at once", StringComparison.Ordinal), "closed at once", cancellationToken: Cancelled);
        first.Dispose();
        second.Dispose();

        await StartRunnerAsync(gateway.EndPoint);
        await gateway.TunnelAsync();
    }
}
