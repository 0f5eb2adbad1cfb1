using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Planton.Testing;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Tests.Fixtures;
using Planton.Tunnel.Upgrades;
using Yarp.ReverseProxy.Forwarder;

namespace Planton.Tunnel.Tests.Upgrades;

/// <summary>A client, a front, the tunnel and a target, each a real server: upgrades all the way through.</summary>
public sealed class UpgradeTests : TunnelTest
{
    private static readonly ForwarderRequestConfig TunnelConfig = new()
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = Timeout.InfiniteTimeSpan,
    };

    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    public async Task ARawUpgrade_IsSpliced_WithItsMethodAndHeaders(string method)
    {
        var front = await StartChainAsync(async context =>
        {
            Assert.Equal(method, context.Request.Method);
            Assert.Equal("SPDY/3.1", context.Request.Headers.Upgrade);
            context.Response.Headers["X-Stream-Protocol-Version"] = context.Request.Headers["X-Stream-Protocol-Version"][0];
            await EchoAsync(await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync());
        });
        using var client = await ConnectAsync(front);

        var head = await UpgradeAsync(client, method);

        Assert.StartsWith("HTTP/1.1 101", head, StringComparison.Ordinal);
        Assert.Contains("Upgrade: SPDY/3.1", head, StringComparison.Ordinal);
        Assert.Contains("X-Stream-Protocol-Version: v4.channel.k8s.io", head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Planton-", head, StringComparison.OrdinalIgnoreCase);
        await ExchangeAsync(client.GetStream(), 4 * 1024 * 1024);
    }

    [Fact]
    public async Task WhenTheTargetEnds_TheClientsConnectionEnds()
    {
        var front = await StartChainAsync(async context =>
        {
            await using var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            await stream.WriteAsync("bye"u8.ToArray());
        });
        using var client = await ConnectAsync(front);
        await UpgradeAsync(client, "POST");

        var rest = await new StreamReader(client.GetStream()).ReadToEndAsync(Cancelled).WaitAsync(Eventually.DefaultTimeout, Cancelled);

        Assert.Equal("bye", rest);
    }

    [Fact]
    public async Task WhenTheClientGoes_TheTargetsConnectionEnds()
    {
        var ended = new TaskCompletionSource();
        var front = await StartChainAsync(async context =>
        {
            await using var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            await EchoAsync(stream);
            ended.TrySetResult();
        });
        var client = await ConnectAsync(front);
        await UpgradeAsync(client, "POST");

        client.Dispose();

        await ended.Task.WaitAsync(Eventually.DefaultTimeout, Cancelled);
    }

    [Fact]
    public async Task WhenTheTargetRefuses_ItsAnswerIsPassedOn()
    {
        var front = await StartChainAsync(async context =>
        {
            context.Response.StatusCode = 403;
            context.Response.Headers["X-Why"] = "policy";
            await context.Response.WriteAsync("no exec for you");
        });
        using var client = await ConnectAsync(front);

        var head = await UpgradeAsync(client, "POST");

        Assert.StartsWith("HTTP/1.1 403", head, StringComparison.Ordinal);
        Assert.Contains("X-Why: policy", head, StringComparison.OrdinalIgnoreCase);
        var body = new byte[100];
        var read = await client.GetStream().ReadAsync(body, Cancelled);
        Assert.Contains("no exec for you", Encoding.ASCII.GetString(body, 0, read), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWebSocket_KeepsItsProtocolItsMessagesAndItsCloseCode()
    {
        var front = await StartChainAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync("v5.channel.k8s.io");
            var buffer = new byte[1024];
            var message = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
            await socket.SendAsync(buffer.AsMemory(0, message.Count), WebSocketMessageType.Binary, true, context.RequestAborted);
            await socket.CloseAsync((WebSocketCloseStatus)4321, "done", context.RequestAborted);
        });
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("v5.channel.k8s.io");

        await client.ConnectAsync(new Uri($"ws://{front}/socket"), Cancelled);
        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Binary, true, Cancelled);
        var buffer = new byte[1024];
        var echoed = await client.ReceiveAsync(buffer.AsMemory(), Cancelled);
        await client.ReceiveAsync(buffer.AsMemory(), Cancelled);
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Cancelled);

        Assert.Equal("v5.channel.k8s.io", client.SubProtocol);
        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, echoed.Count));
        Assert.Equal(4321, (int)client.CloseStatus!);
    }

    [Fact]
    public async Task ManyUpgrades_RefusedCutAndFinished_LeaveTheTunnelAndItsOtherRequestsAlone()
    {
        var front = await StartChainAsync(async context =>
        {
            switch (context.Request.Headers["X-Stream-Protocol-Version"].ToString())
            {
                case "refuse":
                    context.Response.StatusCode = 403;
                    await context.Response.WriteAsync("no");
                    break;
                case "end":
                    await using (await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync())
                        break;
                default:
                    await using (var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync())
                        await EchoAsync(stream);
                    break;
            }
        });
        var kinds = new[] { "refuse", "end", "echo" };

        await Parallel.ForEachAsync(Enumerable.Range(0, 600), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancelled }, async (i, _) =>
        {
            using var client = await ConnectAsync(front);
            var kind = kinds[i % kinds.Length];
            var head = await UpgradeAsync(client, "POST", kind);
            Assert.StartsWith(kind == "refuse" ? "HTTP/1.1 403" : "HTTP/1.1 101", head, StringComparison.Ordinal);

            // Some clients go in the middle of a write, some right away.
            if (kind == "echo")
                await client.GetStream().WriteAsync(new byte[i * 97 % 50_000], Cancelled);
        });

        Assert.DoesNotContain(Logs.Records, r => r.Message.Contains("STREAM_CLOSED", StringComparison.Ordinal));
        Assert.DoesNotContain(Logs.Records, r => r.Message.Contains(" lost: ", StringComparison.Ordinal));
    }

    [Fact]
    public void OnlyGetAndPost_AreTakenForTheMethodOfAnUpgrade()
    {
        var context = new DefaultHttpContext();
        Assert.Null(UpgradeForwarder.TunnelledMethod(context));
        context.Request.Headers["Planton-Upgrade-Method"] = "DELETE";
        Assert.Null(UpgradeForwarder.TunnelledMethod(context));
        context.Request.Headers["Planton-Upgrade-Method"] = "POST";
        Assert.Equal(HttpMethod.Post, UpgradeForwarder.TunnelledMethod(context));
    }

    /// <summary>Target, runner, gateway and front; returns the front's address.</summary>
    private async Task<string> StartChainAsync(RequestDelegate target)
    {
        var targetAddress = await StartServerAsync(app =>
        {
            app.UseWebSockets();
            app.Run(target);
        });
        var invoker = Started(new Owned(new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false }))).Invoker;
        var (_, _, tunnel) = await ConnectAsync(context => AtRunnerAsync(context, invoker, $"http://{targetAddress}"));
        return await StartServerAsync(app => app.Run(context => AtGatewayAsync(context, tunnel)));
    }

    private static async Task AtGatewayAsync(HttpContext context, GatewayTunnel tunnel)
    {
        if (!UpgradeForwarder.IsUpgrade(context))
        {
            await Forwarder(context).SendAsync(context, "http://runner", tunnel.Invoker, TunnelConfig, HttpTransformer.Default);
            return;
        }

        using var request = new HttpRequestMessage { RequestUri = new Uri($"http://runner{context.Request.Path}") };
        request.Headers.TryAddWithoutValidation("X-Stream-Protocol-Version", context.Request.Headers["X-Stream-Protocol-Version"].ToString());
        await UpgradeForwarder.ForwardToTunnelAsync(
            context, tunnel.Invoker, request, response => UpgradeForwarder.PassOnAsync(context, response, context.RequestAborted), context.RequestAborted);
    }

    private static async Task AtRunnerAsync(HttpContext context, HttpMessageInvoker target, string address)
    {
        if (!UpgradeForwarder.IsTunnelledUpgrade(context))
        {
            using var forwarder = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider();
            await forwarder.GetRequiredService<IHttpForwarder>()
                .SendAsync(context, address, target, new ForwarderRequestConfig { ActivityTimeout = Timeout.InfiniteTimeSpan }, HttpTransformer.Default);
            return;
        }

        using var request = new HttpRequestMessage(UpgradeForwarder.TunnelledMethod(context)!, $"{address}{context.Request.Path}");
        request.Headers.TryAddWithoutValidation("X-Stream-Protocol-Version", context.Request.Headers["X-Stream-Protocol-Version"].ToString());
        await UpgradeForwarder.ForwardToTargetAsync(context, target, request, context.RequestAborted);
    }

    private static IHttpForwarder Forwarder(HttpContext context) => context.RequestServices.GetRequiredService<IHttpForwarder>();

    private async Task<string> StartServerAsync(Action<WebApplication> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(Logs);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHttpForwarder();
        var app = Started(builder.Build());
        configure(app);
        await app.StartAsync(Cancelled);
        return new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()).Authority;
    }

    private static async Task<TcpClient> ConnectAsync(string address)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(address), Cancelled);
        return client;
    }

    private static async Task<string> UpgradeAsync(TcpClient client, string method, string protocols = "v4.channel.k8s.io")
    {
        var request = $"{method} /exec HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: {protocols}\r\nContent-Length: 0\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Cancelled);
        var head = new List<byte>();
        var one = new byte[1];
        while (!Encoding.ASCII.GetString([.. head]).EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await client.GetStream().ReadAsync(one, Cancelled).AsTask().WaitAsync(Eventually.DefaultTimeout, Cancelled) == 0)
                break;
            head.Add(one[0]);
        }

        return Encoding.ASCII.GetString([.. head]);
    }

    private static async Task ExchangeAsync(NetworkStream stream, int size)
    {
        var sent = RandomNumberGenerator.GetBytes(size);
        var writing = stream.WriteAsync(sent, Cancelled).AsTask();
        var received = new byte[size];
        await stream.ReadExactlyAsync(received, Cancelled).AsTask().WaitAsync(Eventually.DefaultTimeout, Cancelled);
        await writing;
        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    private static async Task EchoAsync(Stream stream)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var count)
                await stream.WriteAsync(buffer.AsMemory(0, count));
        }
        catch (IOException)
        {
            // The other side is gone.
        }
    }

    private sealed class Owned(HttpMessageInvoker invoker) : IAsyncDisposable
    {
        public HttpMessageInvoker Invoker { get; } = invoker;

        public ValueTask DisposeAsync()
        {
            Invoker.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
