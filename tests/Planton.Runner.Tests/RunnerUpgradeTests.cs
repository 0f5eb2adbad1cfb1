using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing.Network;
using Planton.Tunnel.Protocol;

namespace Planton.Runner.Tests;

/// <summary>Upgrades through the tunnel and the program.</summary>
public sealed class RunnerUpgradeTests : RunnerProgramTest
{
    [Fact]
    public async Task AnUpgradeGoesThroughTheTunnel()
    {
        await using var target = await TestTarget.StartAsync(Authority.Server(), async context =>
        {
            context.Response.Headers["Planton-Error"] = "forged";
            context.Response.Headers["X-Stream-Protocol-Version"] = "v4.channel.k8s.io";
            context.Response.Headers.Upgrade = "SPDY/3.1";
            using var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            await stream.CopyToAsync(stream, context.RequestAborted);
        });
        var config = Folder.Write("kube", KubeConfigs.One(target.Url, KubeConfigs.Authority(Authority), "token: the-runners-own-token"));
        await using var runner = Start("--kubeconfig", config);
        await ReadyAsync(runner);
        using var request = Operation("/kubernetes/api/v1/namespaces/a/pods/p/exec?command=sh");
        request.Method = HttpMethod.Connect;
        request.Headers.Protocol = "SPDY/3.1";
        request.Headers.Add(TunnelProtocol.UpgradeMethodHeader, "POST");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer the-users");

        using var response = await Gateway.SendAsync(request, Cancel);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancel);
        await stream.WriteAsync("spdy"u8.ToArray(), Cancel);
        await stream.FlushAsync(Cancel);
        var back = new byte[4];
        await stream.ReadExactlyAsync(back, Cancel);

        Assert.Equal("spdy", Encoding.UTF8.GetString(back));
        Assert.Null(response.ErrorCode());
        Assert.Equal("v4.channel.k8s.io", response.Headers.GetValues("X-Stream-Protocol-Version").Single());
        var seen = target.Seen.Single();
        Assert.Equal("POST", seen.Method);
        Assert.Equal("Bearer the-runners-own-token", seen.Header("Authorization"));
        Assert.DoesNotContain(seen.Headers.Keys, k => k.StartsWith("Planton-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task AWebSocketGoesThroughTheTunnel()
    {
        await using var target = await TestTarget.StartAsync(Authority.Server(), async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync("v4.channel.k8s.io");
            var buffer = new byte[100];
            var got = await socket.ReceiveAsync(buffer, context.RequestAborted);
            await socket.SendAsync(buffer.AsMemory(0, got.Count), WebSocketMessageType.Binary, true, context.RequestAborted);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", context.RequestAborted);
        });
        var config = Folder.Write("kube", KubeConfigs.One(target.Url, KubeConfigs.Authority(Authority), "token: the-runners-own-token"));
        await using var runner = Start("--kubeconfig", config);
        await ReadyAsync(runner);
        using var lease = Gateway.Registry.TryBeginOperation(TestIdentity.Runner)!;
        using var client = new ClientWebSocket();
        client.Options.HttpVersion = HttpVersion.Version20;
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        client.Options.AddSubProtocol("v4.channel.k8s.io");
        client.Options.SetRequestHeader(OperationHeaders.Runner, TestIdentity.Runner);
        client.Options.SetRequestHeader(OperationHeaders.Organization, TestIdentity.Org);
        // As a gateway asks: the target is shaken hands with in HTTP/1.1, which has a key.
        client.Options.SetRequestHeader(TunnelProtocol.UpgradeMethodHeader, "GET");
        client.Options.SetRequestHeader("Sec-WebSocket-Key", Convert.ToBase64String(new byte[16]));

        await client.ConnectAsync(new Uri("ws://runner/kubernetes/api/v1/namespaces/a/pods/p/exec?command=a%20b"), lease.Tunnel.Invoker, Cancel);
        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Binary, true, Cancel);
        var buffer = new byte[100];
        var answer = await client.ReceiveAsync(buffer, Cancel);

        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, answer.Count));
        Assert.Equal("v4.channel.k8s.io", client.SubProtocol);
        Assert.Equal("/api/v1/namespaces/a/pods/p/exec?command=a%20b", target.Seen.Single().RawTarget);
        Assert.Equal("Bearer the-runners-own-token", target.Seen.Single().Header("Authorization"));
    }

    [Fact]
    public async Task AnUpgradeToATargetThatIsNotThereSaysSo()
    {
        var config = Folder.Write("kube", KubeConfigs.One($"https://127.0.0.1:{FreePort.Find()}"));
        await using var runner = Start("--kubeconfig", config);
        await ReadyAsync(runner);
        using var request = Operation("/kubernetes/exec");
        request.Method = HttpMethod.Connect;
        request.Headers.Protocol = "SPDY/3.1";
        request.Headers.Add(TunnelProtocol.UpgradeMethodHeader, "POST");

        using var response = await Gateway.SendAsync(request, Cancel);

        Assert.Equal(ErrorCode.TargetUnreachable, response.ErrorCode());
        Assert.Contains("refused the connection", response.ErrorDetail(), StringComparison.Ordinal);
    }
}
