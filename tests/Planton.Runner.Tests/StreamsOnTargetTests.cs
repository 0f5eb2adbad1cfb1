using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Planton.Api.Operations;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;

namespace Planton.Runner.Tests;

/// <summary>Bodies, watches and upgrades between client and target.</summary>
public sealed class StreamsOnTargetTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task TheHeadersOfAWatchArriveBeforeItsFirstEvent_AndEachEventAtOnce()
    {
        var events = System.Threading.Channels.Channel.CreateBounded<string>(4);
        await using var target = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            await context.Response.StartAsync(context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await foreach (var line in events.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync(line + "\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        });
        await using var host = await StartAsync(target);

        using var response = await host.Client.GetAsync("/kubernetes/api/v1/pods?watch=1", HttpCompletionOption.ResponseHeadersRead, Cancel).WaitAsync(Limit, Cancel);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        foreach (var line in new[] { "first", "second" })
        {
            await events.Writer.WriteAsync(line, Cancel);
            Assert.Equal(line, await reader.ReadLineAsync(Cancel).AsTask().WaitAsync(Limit, Cancel));
        }

        events.Writer.Complete();
        Assert.Null(await reader.ReadLineAsync(Cancel).AsTask().WaitAsync(Limit, Cancel));
    }

    [Fact]
    public async Task WhenTheClientGoesAwayTheTargetsRequestIsCancelled()
    {
        var aborted = new TaskCompletionSource();
        await using var target = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            context.RequestAborted.Register(() => aborted.TrySetResult());
            await context.Response.StartAsync(CancellationToken.None);
            await context.Response.Body.FlushAsync(CancellationToken.None);
            await aborted.Task;
        });
        await using var host = await StartAsync(target);

        var response = await host.Client.GetAsync("/kubernetes/api/v1/pods?watch=1", HttpCompletionOption.ResponseHeadersRead, Cancel);
        response.Dispose();

        await aborted.Task.WaitAsync(Limit, Cancel);
    }

    [Fact]
    public async Task BodiesPassUnchangedBothWays()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), context => context.Request.Body.CopyToAsync(context.Response.Body));
        await using var host = await StartAsync(target);
        var body = new byte[3_000_000];
        new Random(1).NextBytes(body);

        using var response = await host.Client.PostAsync("/kubernetes/api", new ByteArrayContent(body), Cancel);

        Assert.Equal(body, await response.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Fact]
    public async Task CompressedAnswersStayCompressed()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return context.Response.Body.WriteAsync(new byte[] { 0x1f, 0x8b, 1, 2, 3 }).AsTask();
        });
        await using var host = await StartAsync(target);

        using var response = await host.GetAsync("/api", Cancel);

        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        Assert.Equal([0x1f, 0x8b, 1, 2, 3], await response.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Fact]
    public async Task AWebSocketTalksBothWays()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync("v4.channel.k8s.io");
            var buffer = new byte[100];
            var got = await socket.ReceiveAsync(buffer, context.RequestAborted);
            await socket.SendAsync(buffer.AsMemory(0, got.Count), WebSocketMessageType.Binary, true, context.RequestAborted);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", context.RequestAborted);
        });
        await using var host = await StartAsync(target, user: "token: the-runners-own-token");
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("v4.channel.k8s.io");
        client.Options.SetRequestHeader(OperationHeaders.Runner, TestIdentity.Runner);
        client.Options.SetRequestHeader(OperationHeaders.Organization, TestIdentity.Org);
        client.Options.SetRequestHeader("Authorization", "Bearer the-users");

        await client.ConnectAsync(new Uri(host.Url.Replace("http:", "ws:", StringComparison.Ordinal) + "/kubernetes/exec"), Cancel);
        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Binary, true, Cancel);
        var buffer = new byte[100];
        var answer = await client.ReceiveAsync(buffer, Cancel);

        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, answer.Count));
        Assert.Equal("v4.channel.k8s.io", client.SubProtocol);
        Assert.Equal("Bearer the-runners-own-token", target.Seen.Single().Header("Authorization"));
    }

    [Fact]
    public async Task AnotherUpgradeIsCarriedToo()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            context.Response.Headers.Upgrade = "SPDY/3.1";
            using var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            await stream.CopyToAsync(stream, context.RequestAborted);
        });
        await using var host = await StartAsync(target);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Url + "/kubernetes/exec") { Content = new ByteArrayContent([]) };
        request.Headers.Add(OperationHeaders.Runner, TestIdentity.Runner);
        request.Headers.Add(OperationHeaders.Organization, TestIdentity.Org);
        request.Headers.Add("Connection", "Upgrade");
        request.Headers.Add("Upgrade", "SPDY/3.1");

        using var response = await client.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.SwitchingProtocols, response.StatusCode);
        using var stream = await response.Content.ReadAsStreamAsync(Cancel);
        await stream.WriteAsync("spdy"u8.ToArray(), Cancel);
        var back = new byte[4];
        await stream.ReadExactlyAsync(back, Cancel);

        Assert.Equal("spdy", Encoding.UTF8.GetString(back));
    }

    private async Task<OperationHost> StartAsync(TestTarget target, string user = "") =>
        await OperationHost.StartAsync(_folder.Write("config", KubeConfigs.One(target.Url, KubeConfigs.Authority(_authority), user)));
}
