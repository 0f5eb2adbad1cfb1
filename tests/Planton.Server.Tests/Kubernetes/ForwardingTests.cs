using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Planton.Api.Operations;

namespace Planton.Server.Tests.Kubernetes;

public sealed class ForwardingTests(TunnelsOnSqlite shared) : KubernetesProxyTest(shared), IClassFixture<TunnelsOnSqlite>
{
    [Theory]
    [InlineData("/api/v1/namespaces/default/pods?limit=500&labelSelector=a%3Db", "/api/v1/namespaces/default/pods?limit=500&labelSelector=a%3Db")]
    [InlineData("/api/v1/namespaces/x/services/https:web:443/proxy/a%2Fb%20c", "/api/v1/namespaces/x/services/https:web:443/proxy/a%2Fb%20c")]
    [InlineData("/a//b/", "/a//b/")]
    [InlineData("/a/./b/../c", "/a/./b/../c")]
    [InlineData("/a%2e%2e/%41", "/a%2e%2e/%41")]
    [InlineData("/x?", "/x?")]
    [InlineData("/x?q=%E2%82%AC&&=;", "/x?q=%E2%82%AC&&=;")]
    [InlineData("", "/")]
    [InlineData("?x=1", "/?x=1")]
    public async Task ThePathAndQuery_ArriveByteForByte(string sent, string arrives)
    {
        await ConnectAsync(context => context.Response.WriteAsync(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget));

        var answer = await RawRequestAsync($"GET /kubernetes/{Org}/cluster{sent} HTTP/1.1", []);

        Assert.EndsWith("/kubernetes" + arrives, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheUsersCredentials_AndForgedHeaders_EndAtTheControlPlane()
    {
        HeaderDictionary? seen = null;
        var runner = await ConnectAsync(
            context =>
            {
                seen = new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase));
                return Task.CompletedTask;
            },
            context: "prod ü");

        await RawRequestAsync($"GET /kubernetes/{Org}/cluster/api HTTP/1.1",
            ["Cookie: session=1", "Planton-Organization: other", "planton-runner: other", "Planton-Anything: x", "X-Custom: kept", "Proxy-Authorization: Basic eA=="]);

        Assert.NotNull(seen);
        Assert.False(seen.ContainsKey("Authorization"));
        Assert.False(seen.ContainsKey("Cookie"));
        Assert.False(seen.ContainsKey("Proxy-Authorization"));
        Assert.False(seen.ContainsKey("Planton-Anything"));
        Assert.Equal("kept", seen["X-Custom"]);
        Assert.Equal(OrgId, seen[OperationHeaders.Organization]);
        Assert.Equal(runner.Credentials.Metadata!.RunnerId, seen[OperationHeaders.Runner]);
        Assert.Equal("prod ü", Uri.UnescapeDataString(seen[OperationHeaders.KubernetesContext]!));
        Assert.True(Guid.TryParse(seen[OperationHeaders.OperationId], out _));
    }

    [Fact]
    public async Task TheAnswer_ComesBackAsItIs_WithOurIdAndNothingForged()
    {
        await ConnectAsync(async context =>
        {
            context.Response.StatusCode = 418;
            context.Response.Headers["X-Target"] = "yes";
            context.Response.Headers["Warning"] = "299 - \"old\"";
            await context.Response.WriteAsync("teapot");
        });

        using var response = await GetAsync("/x");

        Assert.Equal(418, (int)response.StatusCode);
        Assert.Equal("yes", response.Headers.GetValues("X-Target").Single());
        Assert.Equal("299 - \"old\"", response.Headers.GetValues("Warning").Single());
        Assert.Equal("teapot", await response.Content.ReadAsStringAsync(Cancelled));
        Assert.Single(response.Headers.GetValues(OperationHeaders.OperationId));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task AWatch_AnswersItsHeadersBeforeItsFirstEvent()
    {
        var next = new SemaphoreSlim(0);
        await ConnectAsync(async context =>
        {
            await context.Response.Body.FlushAsync();
            await next.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("{\"type\":\"ADDED\"}\n");
        });

        using var response = await GetAsync("/api/v1/pods?watch=1").WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
        next.Release();

        Assert.Equal("{\"type\":\"ADDED\"}\n", await response.Content.ReadAsStringAsync(Cancelled));
    }

    // Over HTTP/1.1 the target's own answer to the handshake is needed: see the tests that have one behind the runner.
    [Fact]
    public async Task AWebSocketOverHttp2_GoesThrough()
    {
        await ConnectAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync("v5.channel.k8s.io");
            var buffer = new byte[1024];
            var message = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
            await socket.SendAsync(buffer.AsMemory(0, message.Count), WebSocketMessageType.Binary, true, context.RequestAborted);
            await socket.CloseOutputAsync((WebSocketCloseStatus)4321, "done", context.RequestAborted);
        });
        using var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = TrustServer() } };
        using var invoker = new HttpMessageInvoker(handler);
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("v5.channel.k8s.io");
        client.Options.SetRequestHeader("Authorization", $"Bearer {Server.AdminKey}");
        client.Options.HttpVersion = HttpVersion.Version20;
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        await client.ConnectAsync(new Uri($"wss://{Server.Http}/kubernetes/{Org}/cluster/exec"), invoker, Cancelled);
        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Binary, true, Cancelled);
        var buffer = new byte[1024];
        var echoed = await client.ReceiveAsync(buffer.AsMemory(), Cancelled);
        await client.ReceiveAsync(buffer.AsMemory(), Cancelled);

        Assert.Equal("v5.channel.k8s.io", client.SubProtocol);
        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, echoed.Count));
        Assert.Equal(4321, (int)client.CloseStatus!);
        Assert.Empty(Server.Log.Errors);
    }

    [Theory]
    [InlineData(HttpStatusCode.NoContent)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.NotFound)]
    public async Task AnEmptyAnswer_IsEmpty(HttpStatusCode status)
    {
        await ConnectAsync(context =>
        {
            context.Response.StatusCode = (int)status;
            return Task.CompletedTask;
        });

        using var response = await GetAsync("/x");

        Assert.Equal(status, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancelled));
    }

    [Fact]
    public async Task ABodyOfAnySize_IsStreamed()
    {
        await ConnectAsync(async context =>
        {
            long count = 0;
            var buffer = new byte[64 * 1024];
            while (await context.Request.Body.ReadAsync(buffer) is > 0 and var read)
                count += read;
            await context.Response.WriteAsync($"{count}");
        });

        using var content = new ByteArrayContent(new byte[40 * 1024 * 1024]);
        using var response = await Server.HttpClient(Server.AdminKey).PostAsync(new Uri($"{Server.Url}kubernetes/{Org}/cluster/upload"), content, Cancelled);

        Assert.Equal($"{40 * 1024 * 1024}", await response.Content.ReadAsStringAsync(Cancelled));
    }

    private X509ChainPolicy TrustServer()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(Server.Get<Planton.Server.CertificateAuthority.CertificateAuthorityService>().TrustBundle);
        return policy;
    }

    private async Task<string> RawRequestAsync(string line, string[] headers)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Server.Http.Host, Server.Http.Port, Cancelled);
        var head = string.Join("\r\n", [line, "Host: x", "Connection: close", $"Authorization: Bearer {Server.AdminKey}", .. headers, "", ""]);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Cancelled);
        using var reader = new StreamReader(client.GetStream());
        var answer = await reader.ReadToEndAsync(Cancelled);
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        return answer.Split("\r\n\r\n")[1].Split("\r\n") is [_, var chunk, ..] ? chunk : "";
    }
}
