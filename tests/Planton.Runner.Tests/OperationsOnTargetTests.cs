using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;

namespace Planton.Runner.Tests;

public sealed class OperationsOnTargetTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("/api/v1/namespaces/a%2Fb/pods")]
    [InlineData("/api//v1///pods")]
    [InlineData("/api/v1/../v1/./pods")]
    [InlineData("/api/%2e%2E/x%20y/%C3%A9")]
    [InlineData("/api/v1/pods?labelSelector=a%3Db%2Cc&fieldSelector=x%2By+z&watch")]
    [InlineData("/api/v1/pods?q=a?b/c//d&&=;:@!$'()*,")]
    [InlineData("/api/v1/proxy/http:web:80/~user/a;v=1")]
    [InlineData("/%7Euser/%41%zz")]
    [InlineData("/")]
    public async Task PathAndQueryReachTheTargetByteForByte(string path)
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), protocols: HttpProtocols.Http1);
        await using var host = await StartAsync(target);

        await RawGetAsync(host, OperationHeaders.KubernetesPath + path);

        Assert.Equal(path, target.Seen.Single().RawTarget);
    }

    [Fact]
    public async Task AClusterBelowAFolderOfASharedAddressGetsTheFolderInFront_AndDotsCannotLeaveIt()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target, server: target.Url + "/k8s/clusters/one/");

        await host.GetAsync("/api/v1/pods", Cancel);
        Assert.Equal("/k8s/clusters/one/api/v1/pods", target.Seen.Single().RawTarget);

        foreach (var path in new[] { "/../two/api", "/%2e%2e/two/api", "/a%2F..%2f..%2Ftwo" })
        {
            var answer = await RawGetAsync(host, OperationHeaders.KubernetesPath + path);
            Assert.Contains("403", answer.Split('\n')[0], StringComparison.Ordinal);
            Assert.Contains($"{OperationHeaders.Error}: {ErrorCode.RefusedByRunner}", answer, StringComparison.Ordinal);
        }

        Assert.Single(target.Seen);
    }

    [Fact]
    public async Task TheUsersCredentialsAndOurHeadersDoNotReachTheTarget_OthersDo()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target, user: "token: the-runners-own-token");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kubernetes/version");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer the-users");
        request.Headers.TryAddWithoutValidation("Cookie", "session=1");
        request.Headers.TryAddWithoutValidation(OperationHeaders.OperationId, "op-1");
        request.Headers.TryAddWithoutValidation("Planton-Anything", "x");
        request.Headers.TryAddWithoutValidation("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "kubectl/v1.32");

        await host.Client.SendAsync(request, Cancel);

        var seen = target.Seen.Single();
        Assert.Equal("Bearer the-runners-own-token", seen.Header("Authorization"));
        Assert.Null(seen.Header("Cookie"));
        Assert.DoesNotContain(seen.Headers.Keys, k => k.StartsWith("Planton-", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(seen.Headers.Keys, k => k.Equals("traceparent", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("application/json;as=Table;v=v1;g=meta.k8s.io,application/json", seen.Header("Accept"));
        Assert.Equal("kubectl/v1.32", seen.Header("User-Agent"));
        Assert.Equal($"127.0.0.1:{target.Port}", seen.Header("Host"));
        Assert.Equal("HTTP/2", seen.Protocol);
    }

    [Theory]
    [InlineData("Impersonate-User", "admin")]
    [InlineData("impersonate-extra-scopes", "x")]
    [InlineData("X-Remote-User", "admin")]
    public async Task ARequestThatActsAsAnotherUserIsRefused(string header, string value)
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kubernetes/api");
        request.Headers.Add(header, value);

        using var response = await host.Client.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(ErrorCode.RefusedByRunner, response.ErrorCode());
        Assert.Contains(header, response.ErrorDetail(), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(target.Seen);
    }

    [Fact]
    public async Task WhatTheTargetSaysInOurHeadersIsRemoved_TheRestPasses()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            context.Response.StatusCode = 409;
            context.Response.Headers["Planton-Error"] = "unauthenticated";
            context.Response.Headers["planton-operation-id"] = "forged";
            context.Response.Headers["planton-runner-milliseconds"] = "forged";
            context.Response.Headers["Warning"] = "299 - \"old\"";
            context.Response.ContentType = "application/json";
            context.Response.DeclareTrailer("Planton-Error");
            context.Response.DeclareTrailer("X-Sum");
            await context.Response.WriteAsync("{}");
            context.Response.AppendTrailer("Planton-Error", "x");
        });
        await using var host = await StartAsync(target);

        using var response = await host.GetAsync("/api", Cancel);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        var ours = Assert.Single(response.Headers, h => h.Key.StartsWith("Planton-", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(OperationHeaders.RunnerMilliseconds, ours.Key);
        Assert.True(double.TryParse(Assert.Single(ours.Value), CultureInfo.InvariantCulture, out _), "the time is the runner's own");
        Assert.DoesNotContain(response.TrailingHeaders, h => h.Key.StartsWith("Planton-", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("299 - \"old\"", response.Headers.GetValues("Warning").Single());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("org-2", "runner-1", HttpStatusCode.Forbidden)]
    [InlineData("platform", "runner-1", HttpStatusCode.Forbidden)]
    [InlineData(null, "runner-1", HttpStatusCode.Forbidden)]
    [InlineData("org-1", "runner-2", HttpStatusCode.Forbidden)]
    [InlineData("org-1", null, HttpStatusCode.Forbidden)]
    [InlineData("ORG-1", "runner-1", HttpStatusCode.Forbidden)]
    [InlineData("org-1", "runner-1", HttpStatusCode.OK)]
    public async Task OnlyOperationsOfTheRunnersOwnOrganizationAndIdAreDone(string? organization, string? runner, HttpStatusCode expected)
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target);

        Assert.Equal(expected, await AsAsync(host, organization, runner));
        Assert.Equal(expected == HttpStatusCode.OK ? 1 : 0, target.Seen.Count);
    }

    [Theory]
    [InlineData("org-2", "runner-1", HttpStatusCode.OK)]
    [InlineData(null, "runner-1", HttpStatusCode.OK)]
    [InlineData("org-2", "runner-2", HttpStatusCode.Forbidden)]
    public async Task APlatformRunnerServesEveryOrganizationButNoOtherRunner(string? organization, string? runner, HttpStatusCode expected)
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        var config = _folder.Write("config", KubeConfigs.One(target.Url, KubeConfigs.Authority(_authority)));
        await using var host = await OperationHost.StartAsync(config, identity: TestIdentity.OfPlatform);

        Assert.Equal(expected, await AsAsync(host, organization, runner));
    }

    [Fact]
    public async Task BeforeTheRunnerHasAuthenticatedOperationsAreUnavailable()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await OperationHost.StartAsync(
            _folder.Write("config", KubeConfigs.One(target.Url, KubeConfigs.Authority(_authority))), open: false);

        using var response = await host.GetAsync("/api", Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(ErrorCode.Unavailable, response.ErrorCode());
        Assert.Empty(target.Seen);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/kubernetesx/api")]
    [InlineData("/healthz/live")]
    public async Task AnythingElseIsNoOperation(string path)
    {
        await using var host = await OperationHost.StartAsync();
        using var response = await host.Client.GetAsync(path, Cancel);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(ErrorCode.NotFound, response.ErrorCode());
    }

    private async Task<OperationHost> StartAsync(TestTarget target, string user = "", string? server = null) =>
        await OperationHost.StartAsync(_folder.Write("config", KubeConfigs.One(server ?? target.Url, KubeConfigs.Authority(_authority), user)));

    private static async Task<HttpStatusCode> AsAsync(OperationHost host, string? organization, string? runner)
    {
        using var client = new HttpClient { BaseAddress = new Uri(host.Url) };
        if (organization is not null)
            client.DefaultRequestHeaders.Add(OperationHeaders.Organization, organization);
        if (runner is not null)
            client.DefaultRequestHeaders.Add(OperationHeaders.Runner, runner);
        using var response = await client.GetAsync("/kubernetes/api", Cancel);
        Assert.Equal(response.StatusCode == HttpStatusCode.Forbidden ? ErrorCode.RefusedByRunner : null, response.ErrorCode());
        return response.StatusCode;
    }

    /// <summary>Sends a request line as it is: HttpClient would tidy it up.</summary>
    private static async Task<string> RawGetAsync(OperationHost host, string target)
    {
        var url = new Uri(host.Url);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(url.Host, url.Port, Cancel);
        var head = $"GET {target} HTTP/1.1\r\nHost: x\r\n{OperationHeaders.Runner}: {TestIdentity.Runner}\r\n"
            + $"{OperationHeaders.Organization}: {TestIdentity.Org}\r\nConnection: close\r\n\r\n";
        await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Cancel);
        using var reader = new StreamReader(tcp.GetStream());
        return await reader.ReadToEndAsync(Cancel);
    }
}
