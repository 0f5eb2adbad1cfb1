using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Planton.Testing;

namespace Planton.Tunnel.Tests.Upgrades;

public sealed class WebSocketTests : UpgradeChainTest
{
    private const int Many = 600;

    private static readonly string[] Ends = ["refuse", "end", "abort", "read"];

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task AWebSocket_KeepsItsProtocolItsMessagesAndItsCloseCode(HttpProtocols clientSpeaks)
    {
        var front = await StartChainAsync(
            async context =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync("v5.channel.k8s.io");
                var received = new byte[1024];
                var message = await socket.ReceiveAsync(received.AsMemory(), context.RequestAborted);
                await socket.SendAsync(received.AsMemory(0, message.Count), WebSocketMessageType.Binary, true, context.RequestAborted);
                await socket.CloseAsync((WebSocketCloseStatus)4321, "done", context.RequestAborted);
            },
            clientSpeaks);
        using var client = Client(clientSpeaks);
        client.Options.AddSubProtocol("v5.channel.k8s.io");

        await ConnectAsync(client, front, "/socket", clientSpeaks);
        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Binary, true, Cancelled);
        var buffer = new byte[1024];
        var echoed = await client.ReceiveAsync(buffer.AsMemory(), Cancelled);
        await client.ReceiveAsync(buffer.AsMemory(), Cancelled);
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Cancelled);

        Assert.Equal("v5.channel.k8s.io", client.SubProtocol);
        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, echoed.Count));
        Assert.Equal(4321, (int)client.CloseStatus!);
    }

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task ALargeMessage_ArrivesWholeAndTheSame(HttpProtocols clientSpeaks)
    {
        var front = await StartChainAsync(EchoAsync, clientSpeaks);
        using var client = Client(clientSpeaks);
        var sent = RandomNumberGenerator.GetBytes(8 * 1024 * 1024);
        var received = new byte[sent.Length];

        await ConnectAsync(client, front, "/", clientSpeaks);
        var sending = client.SendAsync(sent, WebSocketMessageType.Binary, true, Cancelled);
        for (var count = 0; count < received.Length;)
            count += (await client.ReceiveAsync(received.AsMemory(count), Cancelled)).Count;
        await sending.WaitAsync(Eventually.DefaultTimeout, Cancelled);

        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task WhenTheTargetRefuses_TheClientSeesItsStatus(HttpProtocols clientSpeaks)
    {
        var front = await StartChainAsync(
            context =>
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return context.Response.WriteAsync("no");
            },
            clientSpeaks);
        using var client = Client(clientSpeaks);

        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(client, front, "/", clientSpeaks));

        Assert.Equal(HttpStatusCode.Forbidden, client.HttpStatusCode);
    }

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task Many_RefusedCutAndFinished_LeaveTheTunnelAndItsOtherRequestsAlone(HttpProtocols clientSpeaks)
    {
        var front = await StartChainAsync(EndAsync, clientSpeaks);
        using var witness = Client(clientSpeaks);
        await ConnectAsync(witness, front, "/echo", clientSpeaks);
        var finished = 0;

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(90));
        await Parallel.ForEachAsync(Enumerable.Range(0, Many), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = limit.Token }, async (i, cancelled) =>
        {
            using var client = Client(clientSpeaks);
            var end = Ends[i % Ends.Length];
            try
            {
                await ConnectAsync(client, front, $"/{end}", clientSpeaks);
                await client.SendAsync(new byte[i * 97 % 50_000], WebSocketMessageType.Binary, true, cancelled);
                if (end == "end")
                    Assert.Equal(WebSocketMessageType.Close, (await client.ReceiveAsync(new byte[100].AsMemory(), cancelled)).MessageType);
                Assert.NotEqual("refuse", end);
                Interlocked.Increment(ref finished);
            }
            catch (WebSocketException) when (end is "refuse" or "abort")
            {
                // As asked for.
            }

            client.Abort();
        });

        // Those that were neither refused nor aborted, at least.
        Assert.InRange(finished, Many / 2, Many);
        // Says so when the tunnel that it came through was replaced by another.
        await AssertEchoesAsync(witness);
        using var another = Client(clientSpeaks);
        await ConnectAsync(another, front, "/echo", clientSpeaks);
        await AssertEchoesAsync(another);
        Assert.DoesNotContain(Logs.Records, r => r.Message.Contains("STREAM_CLOSED", StringComparison.Ordinal));
        Assert.DoesNotContain(Logs.Records, r => r.Message.Contains(" lost: ", StringComparison.Ordinal));
    }

    private static async Task EndAsync(HttpContext context)
    {
        if (context.Request.Path == "/refuse")
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync("no");
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        switch (context.Request.Path)
        {
            case "/end":
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                break;
            case "/abort":
                context.Abort();
                break;
            case "/echo":
                await EchoAsync(socket, context.RequestAborted);
                break;
            default:
                await ReadAsync(socket, _ => Task.CompletedTask, context.RequestAborted);
                break;
        }
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await EchoAsync(socket, context.RequestAborted);
    }

    private static Task EchoAsync(WebSocket socket, CancellationToken aborted) =>
        ReadAsync(socket, data => socket.SendAsync(data, WebSocketMessageType.Binary, false, aborted).AsTask(), aborted);

    private static async Task AssertEchoesAsync(ClientWebSocket client)
    {
        await client.SendAsync("still there"u8.ToArray(), WebSocketMessageType.Binary, true, Cancelled);
        var buffer = new byte[100];
        var echoed = await client.ReceiveAsync(buffer.AsMemory(), Cancelled);
        Assert.Equal("still there", Encoding.ASCII.GetString(buffer, 0, echoed.Count));
    }

    private static async Task ReadAsync(WebSocket socket, Func<ReadOnlyMemory<byte>, Task> take, CancellationToken aborted)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            while (await socket.ReceiveAsync(buffer.AsMemory(), aborted) is { MessageType: not WebSocketMessageType.Close } part)
                await take(buffer.AsMemory(0, part.Count));
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The client is gone.
        }
    }

    private static ClientWebSocket Client(HttpProtocols speaks)
    {
        var client = new ClientWebSocket();
        if (speaks == HttpProtocols.Http2)
        {
            client.Options.HttpVersion = HttpVersion.Version20;
            client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        return client;
    }

    // Each client has its own connection to the front, as each kubectl has.
    private async Task ConnectAsync(ClientWebSocket client, string front, string path, HttpProtocols speaks)
    {
        client.Options.CollectHttpResponseDetails = true;
        var invoker = speaks == HttpProtocols.Http2 ? Started(new Owned()).Invoker : null;
        await client.ConnectAsync(new Uri($"ws://{front}{path}"), invoker, Cancelled);
    }
}
