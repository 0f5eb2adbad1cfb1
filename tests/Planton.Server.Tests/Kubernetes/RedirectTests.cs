using System.Text;
using Microsoft.AspNetCore.Http;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Kubernetes;

/// <summary>
/// A client repeats its key where a redirect leads: no target and no runner may lead it out of the connection that it asked.
/// </summary>
public sealed class RedirectTests(TunnelsOnSqlite shared) : KubernetesProxyTest(shared), IClassFixture<TunnelsOnSqlite>
{
    private const string Asked = "/api/v1/pods?limit=5";

    private string Prefix => $"/kubernetes/{Org}/cluster";

    [Theory]
    [InlineData("/api/v1/pods/", "/api/v1/pods/")]
    [InlineData("/api/v1/x?y=1&z=%2F#part", "/api/v1/x?y=1&z=%2F#part")]
    [InlineData("/", "/")]
    [InlineData("//", null)]
    [InlineData("?limit=6", "/api/v1/pods?limit=6")]
    [InlineData("nodes", "/api/v1/nodes")]
    [InlineData("./a/../b", "/api/v1/b")]
    [InlineData("../../../../../x", "/x")]
    [InlineData("/../../../kubernetes/victim/cluster/x", "/kubernetes/victim/cluster/x")]
    [InlineData("/%2e%2e/%2E%2e/.%2e/x/%2e", "/x/")]
    [InlineData("/a//b", "/a//b")]
    [InlineData("/..;/x", "/..;/x")]
    public async Task APath_StaysBelowTheConnection(string location, string? path)
    {
        await ConnectAsync(context => RedirectAsync(context, location));

        foreach (var status in new[] { 300, 301, 302, 303, 307, 308 })
        {
            var (answered, text) = await SendAsync(status);
            Assert.Equal(path is null ? 502 : status, answered);
            Assert.Equal(path is null ? [] : [Prefix + path], RawHttp.Header(text, "Location"));
        }
    }

    [Theory]
    [InlineData("http://evil.test/")]
    [InlineData("https://evil.test/api?x")]
    [InlineData("HTTPS://evil.test")]
    [InlineData("//evil.test/x")]
    [InlineData("///evil.test/x")]
    [InlineData("/..//evil.test/x")]
    [InlineData("/.//evil.test/x")]
    [InlineData("/\\evil.test/x")]
    [InlineData("\\\\evil.test\\x")]
    [InlineData("/a/..\\..\\x")]
    [InlineData("/%2e%2e%2fvictim/x")]
    [InlineData("/a/..%5c..%5cx")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("http:/x")]
    [InlineData("https:x")]
    [InlineData("http:")]
    [InlineData("http://127.0.0.1@evil.test/")]
    [InlineData("/a b")]
    [InlineData("/a\tb")]
    [InlineData("")]
    public async Task WhatLeadsElsewhere_OrIsReadInSeveralWays_Is502_AndHasNoLocation(string location)
    {
        await ConnectAsync(context => RedirectAsync(context, location));

        var (status, text) = await SendAsync(307);

        Assert.Equal(502, status);
        Assert.Empty(RawHttp.Header(text, "Location"));
        Assert.Equal([ErrorCode.TargetResponseInvalid], RawHttp.Header(text, OperationHeaders.Error));
        Assert.Contains("\"kind\":\"Status\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", text, StringComparison.Ordinal);
        var records = await AuditAsync();
        Assert.Equal([AuditOutcome.Allowed, AuditOutcome.Failed], records.Select(record => record.Outcome));
        Assert.Equal(ErrorCode.TargetResponseInvalid, records[1].Code);
    }

    [Fact]
    public async Task SeveralLocations_Are502()
    {
        await ConnectAsync(context =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Append("Location", "/x");
            context.Response.Headers.Append("Location", "http://evil.test/");
            return Task.CompletedTask;
        });

        var (status, text) = await SendAsync(302);

        Assert.Equal(502, status);
        Assert.Empty(RawHttp.Header(text, "Location"));
    }

    [Theory]
    [InlineData(201)]
    [InlineData(200)]
    [InlineData(404)]
    public async Task WhereNothingIsRedirected_ALocationIsRewrittenOrLeftOut(int code)
    {
        var location = "/made";
        await ConnectAsync(context => RedirectAsync(context, location));

        var (status, text) = await SendAsync(code);
        Assert.Equal(code, status);
        Assert.Equal([Prefix + "/made"], RawHttp.Header(text, "Location"));

        location = "http://evil.test/made";
        (status, text) = await SendAsync(code);
        Assert.Equal(code, status);
        Assert.Empty(RawHttp.Header(text, "Location"));
    }

    [Theory]
    [InlineData("/x", 302)]
    [InlineData("http://evil.test/x", 502)]
    [InlineData("//evil.test/x", 502)]
    public async Task AnUpgradeThatIsRedirected_IsNoWayOutEither(string location, int expected)
    {
        await ConnectAsync(context => RedirectAsync(context, location));
        foreach (var protocol in new[] { "SPDY/3.1", "websocket" })
        {
            var (status, text) = await RawHttp.SendAsync(
                Server, $"GET {Prefix}/exec?status=302", $"Authorization: Bearer {Server.AdminKey}", "Connection: Upgrade", $"Upgrade: {protocol}",
                "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==");

            Assert.Equal(expected, status);
            Assert.Equal(expected == 302 ? [Prefix + "/x"] : [], RawHttp.Header(text, "Location"));
        }
    }

    [Theory]
    [InlineData("{0}/../../{1}/cluster/x")]
    [InlineData("{0}/%2e%2e/%2e%2e/{1}/cluster/x")]
    [InlineData("{0}/../x")]
    [InlineData("/.{0}/x")]
    [InlineData("/kubernetes/x/..{2}/x")]
    public async Task ARequestWhoseDotsLeadToAnotherConnection_IsRefused_AndReachesNone(string target)
    {
        var reached = 0;
        await ConnectAsync(_ => Task.FromResult(Interlocked.Increment(ref reached)));
        var (other, _) = await NewOrganizationAsync("other");
        var path = target.Replace("{0}", Prefix, StringComparison.Ordinal).Replace("{1}", other, StringComparison.Ordinal).Replace("{2}", $"/{Org}/cluster", StringComparison.Ordinal);

        var (status, _) = await RawHttp.SendAsync(Server, $"GET {path}", $"Authorization: Bearer {Server.AdminKey}");

        Assert.Contains(status, new[] { 400, 404 });
        Assert.Equal(0, reached);
    }

    private static Task RedirectAsync(HttpContext context, string location)
    {
        context.Response.StatusCode = int.Parse(context.Request.Query["status"]!, System.Globalization.CultureInfo.InvariantCulture);
        context.Response.Headers["Location"] = location;
        return context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes("moved")).AsTask();
    }

    private Task<(int Status, string Text)> SendAsync(int status) =>
        RawHttp.SendAsync(Server, $"POST {Prefix}{Asked}&status={status}", $"Authorization: Bearer {Server.AdminKey}", "Content-Length: 0");
}
