using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;
using Planton.Testing.Network;

namespace Planton.Runner.Tests;

/// <summary>What a target may answer, so that it goes through a tunnel and leads nobody elsewhere.</summary>
public sealed class TargetResponseTests : IDisposable
{
    private const int KiB = 1024;

    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("", "{0}/x?y=1", "/x?y=1")]
    [InlineData("", "{0}", "/")]
    [InlineData("", "//{1}/x", "/x")]
    [InlineData("", "/x", "/x")]
    [InlineData("", "x", "/api/x")]
    [InlineData("", "../../../x", "/x")]
    [InlineData("", "http://{1}/x", null)]
    [InlineData("", "https://evil.test/x", null)]
    [InlineData("", "{0}.evil.test/x", null)]
    [InlineData("", "https://{1}@evil.test/x", null)]
    [InlineData("", "//evil.test/x", null)]
    [InlineData("", "/\\evil.test/x", null)]
    [InlineData("", "javascript:x", null)]
    [InlineData("/k8s/one", "{0}/k8s/one/x", "/x")]
    [InlineData("/k8s/one", "/k8s/one", "/")]
    [InlineData("/k8s/one", "/k8s/one?y", "/?y")]
    [InlineData("/k8s/one", "x", "/api/x")]
    [InlineData("/k8s/one", "/k8s/one/../two/x", null)]
    [InlineData("/k8s/one", "/k8s/onetwo/x", null)]
    [InlineData("/k8s/one", "/x", null)]
    [InlineData("/k8s/one", "../../../two/x", null)]
    [InlineData("/k8s/one", "{0}/k8s/two/x", null)]
    public async Task ARedirect_BecomesAPathBelowTheCluster_OrIsNotPassedOn(string folder, string location, string? expected)
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = location.Replace("{0}", "https://" + context.Request.Host, StringComparison.Ordinal).Replace("{1}", context.Request.Host.Value, StringComparison.Ordinal);
            return Task.CompletedTask;
        });
        await using var host = await StartAsync(target.Url + folder, KubeConfigs.Authority(_authority));
        using var upgrade = TestOperation.Upgrade("/kubernetes/api/v1?x=/y", server: host.Url);
        await using var overHttp2 = await StartAsync(target.Url + folder, KubeConfigs.Authority(_authority), HttpProtocols.Http2);
        upgrade.RequestUri = new Uri(overHttp2.Url + "/kubernetes/api/v1?x=/y");

        using var response = await host.GetAsync("/api/v1?x=/y", Cancel);
        using var upgraded = await _client.SendAsync(upgrade, Cancel);

        foreach (var answer in new[] { response, upgraded })
        {
            Assert.Equal(expected is null ? 502 : 307, (int)answer.StatusCode);
            Assert.Equal(expected, answer.Headers.NonValidated.TryGetValues("Location", out var values) ? values.ToString() : null);
            Assert.Equal(expected is null ? ErrorCode.TargetResponseInvalid : null, answer.ErrorCode());
            Assert.Equal(expected is null, answer.Headers.Contains(OperationHeaders.ErrorStage));
        }
    }

    [Fact]
    public async Task TheNameThatTheTargetIsCalledBy_IsItsOwnHostToo()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), context =>
        {
            context.Response.Redirect($"https://{context.Request.Host}/x");
            return Task.CompletedTask;
        });
        await using var host = await StartAsync(target.Url, KubeConfigs.Authority(_authority) + ", tls-server-name: localhost");

        using var response = await host.GetAsync("/api", Cancel);

        Assert.StartsWith("localhost:", target.Seen.Single().Header("Host"), StringComparison.Ordinal);
        Assert.Equal("/x", response.Headers.NonValidated["Location"].ToString());
    }

    [Theory]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: /x\r\nLocation: /y\r\n\r\n", "redirects")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation:\r\n\r\n", "redirects")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: /\u00e9\r\n\r\n", "characters")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Odd: \u00c3\u00a9\r\n\r\n", "characters")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Odd: a\u0001b\r\n\r\n", "characters")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Odd: a\u007fb\r\n\r\n", "characters")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: \u00e9\r\n\r\n", "characters")]
    [InlineData("HTTP/1.1 000 Nothing\r\n\r\n", "its status is 0")]
    [InlineData("HTTP/1.1 099 Nothing\r\n\r\n", "its status is 99")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", "its status is 101")]
    public async Task WhatCannotBePassedOn_Is502ForThatOperation(string answer, string detail)
    {
        await using var target = new RawHttpServer(head => head.Contains(" /next ", StringComparison.Ordinal) ? "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhere" : answer);
        await using var host = await StartAsync(target.Url);

        using var response = await host.GetAsync("/x", Cancel);
        using var next = await host.GetAsync("/next", Cancel);

        Assert.Equal((502, ErrorCode.TargetResponseInvalid), ((int)response.StatusCode, response.ErrorCode()));
        Assert.Contains(detail, response.ErrorDetail(), StringComparison.Ordinal);
        Assert.Equal("here", await next.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData(100, 1, false, 200)]
    [InlineData(12, 10, false, 200)]
    [InlineData(130, 1, false, 502)]
    [InlineData(13, 10, false, 502)]
    [InlineData(4 * KiB, 2, false, 502)]
    [InlineData(60, 1, true, 200)]
    [InlineData(65, 1, true, 0)]
    [InlineData(4 * KiB, 2, true, 0)]
    public async Task AHead_OverTheLimit_IsNotPassedOn_AndHarmsNothingElseOnTheTargetsConnection(int kib, int count, bool trailers, int status)
    {
        using var more = new SemaphoreSlim(0);
        await using var target = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            if (context.Request.Query.ContainsKey("watch"))
            {
                await context.Response.WriteAsync("first\n");
                await context.Response.Body.FlushAsync();
                await more.WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync("second\n");
                return;
            }

            for (var number = 0; number < count && !trailers; number++)
                context.Response.Headers[$"X-Large-{number}"] = new string('x', kib * KiB);
            await context.Response.WriteAsync("here");
            for (var number = 0; number < count && trailers; number++)
                context.Response.AppendTrailer($"X-Large-{number}", new string('x', kib * KiB));
        });
        await using var host = await StartAsync(target.Url, KubeConfigs.Authority(_authority), HttpProtocols.Http2);
        using var watchRequest = TestOperation.Get("/kubernetes/api?watch=1", server: host.Url);
        using var watch = await _client.SendAsync(watchRequest, Cancel);
        using var reader = new StreamReader(await watch.Content.ReadAsStreamAsync(Cancel));
        Assert.Equal("first", await reader.ReadLineAsync(Cancel));
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, MaxResponseHeadersLength = 256 });
        using var request = TestOperation.Get("/kubernetes/large", server: host.Url);

        using var response = await client.SendAsync(request, Cancel);

        if (status == 0)
        {
            // Its head had gone when the trailers came: it breaks off.
            await using var body = await response.Content.ReadAsStreamAsync(Cancel);
            await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null, Cancel));
        }
        else
        {
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(status == 200 ? null : ErrorCode.TargetResponseInvalid, response.ErrorCode());
            Assert.Equal(status == 200 ? "here" : "", await response.Content.ReadAsStringAsync(Cancel));
            Assert.Equal(status == 200 && trailers ? count : 0, response.TrailingHeaders.Count());
        }

        more.Release();
        Assert.Equal("second", await reader.ReadLineAsync(Cancel));
        Assert.All(target.Seen, seen => Assert.Equal("HTTP/2", seen.Protocol));
    }

    [Fact]
    public async Task AnInlineTargetsHead_IsReadNoFurtherThanItsOwnLimit()
    {
        await using var target = new RawHttpServer(_ => $"HTTP/1.1 200 OK\r\nX-Large: {new string('x', 300 * KiB)}\r\n\r\n");
        await using var host = await StartAsync("https://127.0.0.1:9");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kubernetes/x");
        request.Headers.Add(OperationHeaders.KubernetesConfig, Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"server":"{{target.Url}}"}""")));

        using var response = await host.Client.SendAsync(request, Cancel);

        Assert.Equal((502, ErrorCode.TargetResponseInvalid), ((int)response.StatusCode, response.ErrorCode()));
        Assert.Contains("larger than the runner reads", response.ErrorDetail(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AKeyInTheSubprotocols_DoesNotReachTheTarget(bool upgrade)
    {
        const string Protocols = "base64url.bearer.authorization.k8s.io.cGNr, v5.channel.k8s.io";
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target.Url, KubeConfigs.Authority(_authority), HttpProtocols.Http2);
        using var request = upgrade ? TestOperation.Upgrade("/kubernetes/exec", server: host.Url) : TestOperation.Get("/kubernetes/exec", server: host.Url);
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Protocol", Protocols);

        using var response = await _client.SendAsync(request, Cancel);

        Assert.Equal("v5.channel.k8s.io", target.Seen.Single().Header("Sec-WebSocket-Protocol"));
    }

    private Task<OperationHost> StartAsync(string server, string cluster = "", HttpProtocols protocols = HttpProtocols.Http1) =>
        OperationHost.StartAsync(_folder.Write("config", KubeConfigs.One(server, cluster)), protocols: protocols);
}
