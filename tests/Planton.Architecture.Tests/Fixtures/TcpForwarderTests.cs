using System.Diagnostics;
using System.Net.Sockets;
using Planton.Testing;
using Planton.Testing.Network;

namespace Planton.Architecture.Tests.Fixtures;

public sealed class TcpForwarderTests : IAsyncLifetime
{
    private readonly EchoServer _server = new();
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private TcpForwarder _forwarder = null!;

    public ValueTask InitializeAsync()
    {
        _forwarder = TcpForwarder.Start(_server.EndPoint);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _forwarder.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task BytesPassUnchanged_AndAreCounted()
    {
        using var client = await ConnectAsync();
        Assert.Equal("hello", await EchoAsync(client, "hello"));
        await Eventually.BecomesTrueAsync(() => _forwarder.BytesToTarget == 5, "the question is counted", cancellationToken: _cancel);
        await Eventually.BecomesTrueAsync(() => _forwarder.BytesFromTarget == 5, "the answer is counted", cancellationToken: _cancel);
        Assert.Equal(1, _forwarder.ConnectionsAccepted);
        Assert.Equal(1, _forwarder.OpenConnections);
    }

    [Fact]
    public async Task WhenStalled_NothingArrives_AndAfterResumeEverythingDoes()
    {
        using var client = await ConnectAsync();
        await EchoAsync(client, "first");
        _forwarder.Stall();
        await client.SendAsync("second"u8.ToArray(), _cancel);
        var answer = ReadAsync(client, 6);
        await Assert.ThrowsAsync<TimeoutException>(() => answer.WaitAsync(TimeSpan.FromMilliseconds(300), _cancel));
        Assert.Equal(5, _forwarder.BytesToTarget);
        _forwarder.Resume();
        Assert.Equal("second", await answer);
    }

    [Fact]
    public async Task WhenOneDirectionIsStalled_TheOtherStillMoves()
    {
        using var client = await ConnectAsync();
        _forwarder.Stall(FlowDirections.FromTarget);
        await client.SendAsync("abc"u8.ToArray(), _cancel);
        await Eventually.BecomesTrueAsync(() => _forwarder.BytesToTarget == 3, "the bytes reach the target", cancellationToken: _cancel);
        Assert.Equal(0, _forwarder.BytesFromTarget);
        _forwarder.Resume(FlowDirections.FromTarget);
        Assert.Equal("abc", await ReadAsync(client, 3));
    }

    [Fact]
    public async Task WhenStalled_AnEndOfStreamIsHeldBackToo()
    {
        using var client = await ConnectAsync();
        await EchoAsync(client, "x");
        _forwarder.Stall();
        client.Shutdown(SocketShutdown.Send);
        await Assert.ThrowsAsync<TimeoutException>(() => Eventually.BecomesTrueAsync(
            () => _server.StreamsEnded > 0, "the stream ends", TimeSpan.FromMilliseconds(300), _cancel));
        _forwarder.Resume();
        await Eventually.BecomesTrueAsync(() => _server.StreamsEnded == 1, "the stream ends", cancellationToken: _cancel);
    }

    [Fact]
    public async Task WhenCut_TheClientSeesAReset()
    {
        using var client = await ConnectAsync();
        await EchoAsync(client, "x");
        _forwarder.Cut();
        var error = await Assert.ThrowsAsync<SocketException>(async () => await client.ReceiveAsync(new byte[1], _cancel));
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
        await Eventually.BecomesTrueAsync(() => _forwarder.OpenConnections == 0, "the connection is forgotten", cancellationToken: _cancel);
    }

    [Fact]
    public async Task WhenHalfClosed_TheTargetSeesTheEnd_AndTheClientCanStillBeWrittenTo()
    {
        using var client = await ConnectAsync();
        await EchoAsync(client, "x");
        _forwarder.HalfClose(FlowDirections.ToTarget);
        await Eventually.BecomesTrueAsync(() => _server.StreamsEnded == 1, "the target sees the end", cancellationToken: _cancel);
        Assert.Equal(0, await client.ReceiveAsync(new byte[1], _cancel));
    }

    [Fact]
    public async Task WhenRefusing_ConnectingFails_AndOpenConnectionsGoOn()
    {
        using var open = await ConnectAsync();
        await EchoAsync(open, "x");
        await _forwarder.RefuseNewConnectionsAsync();
        var error = await Assert.ThrowsAsync<SocketException>(ConnectAsync);
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        Assert.Equal("still", await EchoAsync(open, "still"));

        _forwarder.AcceptNewConnections();
        using var again = await ConnectAsync();
        Assert.Equal("back", await EchoAsync(again, "back"));
    }

    [Fact]
    public async Task WhenDelayed_ARoundTripTakesTwiceTheDelay()
    {
        using var client = await ConnectAsync();
        _forwarder.Delay(TimeSpan.FromMilliseconds(150));
        var started = Stopwatch.GetTimestamp();
        await EchoAsync(client, "x");
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromMilliseconds(290), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task WhenTheRateIsLimited_BytesTakeTheirTime()
    {
        using var client = await ConnectAsync();
        _forwarder.LimitRate(10_000, FlowDirections.ToTarget);
        var started = Stopwatch.GetTimestamp();
        await EchoAsync(client, new string('x', 4000));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromMilliseconds(350), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task WhenTheTargetIsNotThere_TheClientIsReset()
    {
        var gone = new EchoServer();
        var target = gone.EndPoint;
        await gone.DisposeAsync();
        await using var forwarder = TcpForwarder.Start(target);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        // The reset may come as early as while it connects.
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            await client.ConnectAsync(forwarder.EndPoint, _cancel);
            await client.ReceiveAsync(new byte[1], _cancel);
        });
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(_forwarder.EndPoint, _cancel);
        return socket;
    }

    private async Task<string> EchoAsync(Socket client, string text)
    {
        await client.SendAsync(System.Text.Encoding.ASCII.GetBytes(text), _cancel);
        return await ReadAsync(client, text.Length);
    }

    private async Task<string> ReadAsync(Socket client, int count)
    {
        var buffer = new byte[count];
        var got = 0;
        while (got < count)
        {
            var read = await client.ReceiveAsync(buffer.AsMemory(got), _cancel);
            Assert.NotEqual(0, read);
            got += read;
        }

        return System.Text.Encoding.ASCII.GetString(buffer);
    }
}
