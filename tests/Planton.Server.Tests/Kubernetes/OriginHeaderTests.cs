using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Kubernetes;

/// <summary>A target's response is one of the control plane's origin: it sets nothing there, and is nothing there.</summary>
public sealed class OriginHeaderTests(TunnelsOnSqlite shared) : KubernetesProxyTest(shared), IClassFixture<TunnelsOnSqlite>
{
    private static readonly string[] OfTheOrigin =
    [
        "Set-Cookie", "Set-Cookie2", "Clear-Site-Data", "Strict-Transport-Security", "Alt-Svc", "Public-Key-Pins", "Public-Key-Pins-Report-Only", "Expect-CT",
        "NEL", "Report-To", "Reporting-Endpoints", "Accept-CH", "Critical-CH", "Use-As-Dictionary", "Set-Login", "Origin-Agent-Cluster", "Secure-Session-Registration",
        "Service-Worker-Allowed", "Timing-Allow-Origin", "Access-Control-Allow-Origin", "access-control-allow-credentials", "Access-Control-Max-Age",
        "Cross-Origin-Resource-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Embedder-Policy", "X-Permitted-Cross-Domain-Policies",
        "Refresh", "Link", "Content-Location", "Speculation-Rules", "SourceMap", "WWW-Authenticate", "Proxy-Authenticate", "Authentication-Info",
        "Content-Security-Policy-Report-Only",
    ];

    private static readonly string[] OfTheResponse =
        ["Content-Type", "ETag", "Content-Disposition", "Warning", "Audit-Id", "X-Kubernetes-Pf-Flowschema-Uid", "X-Frame-Options", "Cache-Control", "Vary", "Retry-After"];

    [Theory]
    [InlineData(200)]
    [InlineData(401)]
    [InlineData(503)]
    public async Task WhatWouldActOnTheOrigin_IsLeftOut_TheRestPasses(int status)
    {
        await ConnectAsync(context => AnswerAsync(context, status));

        var (answered, text) = await RawHttp.SendAsync(Server, $"GET /kubernetes/{Org}/cluster/x", $"Authorization: Bearer {Server.AdminKey}");

        Assert.Equal(status, answered);
        Assert.Empty(OfTheOrigin.Where(name => RawHttp.Header(text, name).Length > 0));
        Assert.Empty(OfTheResponse.Where(name => RawHttp.Header(text, name).Length != 1));
        AssertSandboxed(text);
    }

    [Fact]
    public async Task AnUpgrade_BringsNoneOfThemEither()
    {
        await ConnectAsync(async context =>
        {
            Add(context);
            using var socket = await context.WebSockets.AcceptWebSocketAsync("v5.channel.k8s.io");
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", context.RequestAborted);
        });

        var (status, text) = await RawHttp.SendAsync(
            Server, $"GET /kubernetes/{Org}/cluster/exec", $"Authorization: Bearer {Server.AdminKey}", "Connection: Upgrade", "Upgrade: websocket",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol: v5.channel.k8s.io");

        Assert.Equal(101, status);
        Assert.Empty(OfTheOrigin.Where(name => RawHttp.Header(text, name).Length > 0));
        Assert.Equal(["v5.channel.k8s.io"], RawHttp.Header(text, "Sec-WebSocket-Protocol"));
        AssertSandboxed(text);
    }

    [Fact]
    public async Task ErrorsOfOurOwn_AreNoPagesOfTheOriginEither()
    {
        await ConnectAsync(_ => Task.CompletedTask);
        foreach (var (path, key, status) in new[] { ($"{Org}/cluster/x", null, 401), ($"{Org}/nothing/x", Server.AdminKey, 404), ("x", Server.AdminKey, 404), ($"{Org}/cluster/#", Server.AdminKey, 400) })
        {
            string[] headers = key is null ? [] : [$"Authorization: Bearer {key}"];
            var (answered, text) = await RawHttp.SendAsync(Server, $"GET /kubernetes/{path}", headers);
            Assert.Equal(status, answered);
            AssertSandboxed(text);
        }
    }

    [Fact]
    public async Task ATargetsTrailers_BringNoneOfThem()
    {
        await ConnectAsync(async context =>
        {
            await context.Response.WriteAsync("body");
            foreach (var name in (string[])["X-Sum", "Location", .. OfTheOrigin])
                context.Response.AppendTrailer(name, "x");
        });
        using var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = Certificates.TrustOf(Server) } };
        using var client = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Server.AdminKey);

        using var response = await client.GetAsync(new Uri($"{Server.TlsUrl}kubernetes/{Org}/cluster/x"), Cancelled);

        Assert.Equal("body", await response.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(["X-Sum"], response.TrailingHeaders.Select(trailer => trailer.Key), StringComparer.OrdinalIgnoreCase);
    }

    private static Task AnswerAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        Add(context);
        return context.Response.WriteAsync("<script>alert(1)</script>");
    }

    private static void Add(HttpContext context)
    {
        foreach (var name in OfTheOrigin.Concat(OfTheResponse))
            context.Response.Headers[name] = "x";
        context.Response.Headers["Content-Security-Policy"] = "default-src *";
        context.Response.Headers["X-Content-Type-Options"] = "x";
    }

    private static void AssertSandboxed(string text)
    {
        Assert.Equal(["nosniff"], RawHttp.Header(text, "X-Content-Type-Options"));
        Assert.Equal(["sandbox"], RawHttp.Header(text, "Content-Security-Policy"));
    }
}
