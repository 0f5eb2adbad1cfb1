using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Runner.Operations;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;

namespace Planton.Runner.Tests;

public sealed class RequestHeaderTests : IDisposable
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
    [InlineData("Authorization")]
    [InlineData("AUTHORIZATION")]
    [InlineData("Cookie")]
    [InlineData("Proxy-Authorization")]
    [InlineData("proxy-authorization")]
    [InlineData("Proxy-Authenticate")]
    [InlineData("Proxy-Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("HTTP2-Settings")]
    [InlineData("Planton-Organization-Name")]
    [InlineData("planton-operation-id")]
    [InlineData("X-Forwarded-For")]
    [InlineData("x-forwarded-host")]
    [InlineData("Forwarded")]
    [InlineData("X-Real-IP")]
    public async Task AHeaderThatIsNotTheTargetsBusinessStopsHere_OnBothWaysThroughTheRunner(string name)
    {
        Assert.True(RequestHeaderFilter.Removes(name));
        Assert.Null((await SendAsync(name, "some-value")).Header(name));
    }

    [Theory]
    [InlineData("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io, application/json")]
    [InlineData("Accept-Encoding", "gzip")]
    [InlineData("Content-Type", "application/apply-patch+yaml")]
    [InlineData("Kubectl-Command", "kubectl get")]
    [InlineData("User-Agent", "kubectl/v1.32 (linux/amd64)")]
    [InlineData("Plantonish", "x")]
    [InlineData("X-Authorization", "y")]
    [InlineData("Range", "bytes=0-10")]
    [InlineData("If-None-Match", "\"etag\"")]
    [InlineData("Audit-ID", "7")]
    [InlineData("X-Empty", "")]
    public async Task WhatAClientSaysToTheTargetPassesUnchanged(string name, string value)
    {
        Assert.False(RequestHeaderFilter.Removes(name));
        Assert.Equal(value, (await SendAsync(name, value)).Header(name));
    }

    [Theory]
    [InlineData("Impersonate-User")]
    [InlineData("IMPERSONATE-GROUP")]
    [InlineData("impersonate-uid")]
    [InlineData("Impersonate-Extra-a%2Fb")]
    [InlineData("X-Remote-Group")]
    [InlineData("x-remote-extra-scopes")]
    public async Task EveryWayToActAsSomebodyElseIsRefused(string name)
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target);
        var answer = await RawAsync(host, $"GET /kubernetes/api HTTP/1.1\r\n{name}: x\r\n");
        Assert.Contains("403", answer.Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains($"{OperationHeaders.Error}: {ErrorCode.RefusedByRunner}", answer, StringComparison.Ordinal);
        Assert.Empty(target.Seen);
    }

    [Theory]
    [InlineData("Planton-Organization: org-1\r\nPlanton-Organization: org-2\r\nPlanton-Runner: runner-1\r\n")]
    [InlineData("Planton-Organization: org-1\r\nPlanton-Runner: runner-1\r\nPlanton-Runner: runner-2\r\n")]
    [InlineData("Planton-Organization: org-1,org-2\r\nPlanton-Runner: runner-1\r\n")]
    [InlineData("Planton-Organization: org-10\r\nPlanton-Runner: runner-1\r\n")]
    [InlineData("Planton-Organization:\r\nPlanton-Runner: runner-1\r\n")]
    public async Task TwoOrganizationsOrRunnersInOneRequestAreNoneOfOurs(string headers)
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target);
        var answer = await RawAsync(host, "GET /kubernetes/api HTTP/1.1\r\n" + headers, ours: false);
        Assert.Contains(ErrorCode.RefusedByRunner, answer, StringComparison.Ordinal);
        Assert.Empty(target.Seen);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task EveryMethodArrives(string method)
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target);
        using var request = new HttpRequestMessage(new HttpMethod(method), "/kubernetes/api");
        using var response = await host.Client.SendAsync(request, Cancel);
        Assert.Equal(method, target.Seen.Single().Method);
        Assert.Equal(method == "HEAD" ? "" : "ok", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData("/kubernetes/a b")]
    [InlineData("/kubernetes/a#fragment")]
    [InlineData("http://elsewhere.test/kubernetes/api")]
    [InlineData("//kubernetes/api")]
    [InlineData("/Kubernetes/api")]
    [InlineData("/./kubernetes/api")]
    [InlineData("/%6bubernetes/api")]
    [InlineData("/x/../kubernetes/api")]
    [InlineData("*")]
    public async Task ARequestLineThatIsNoOperationReachesNoTarget(string line)
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target);
        var answer = await RawAsync(host, $"GET {line} HTTP/1.1\r\n");
        Assert.Matches("^HTTP/1.1 4", answer);
        Assert.Empty(target.Seen);
    }

    [Fact]
    public async Task TheRunnersOwnCredentialsGoToNobodyButTheTarget_WhateverTheTargetAnswers()
    {
        await using var other = await TestTarget.StartAsync(_authority.Server());
        await using var target = await TestTarget.StartAsync(_authority.Server(), context =>
        {
            context.Response.Redirect(other.Url + "/steal");
            context.Response.Headers.SetCookie = "a=b";
            return Task.CompletedTask;
        });
        await using var host = await StartAsync(target);

        using var first = await host.GetAsync("/api", Cancel);
        using var second = await host.GetAsync("/api", Cancel);

        Assert.Equal((502, ErrorCode.TargetResponseInvalid), ((int)first.StatusCode, first.ErrorCode()));
        Assert.Empty(other.Seen);
        Assert.DoesNotContain(target.Seen, s => s.Header("Cookie") is not null);
    }

    private async Task<SeenRequest> SendAsync(string name, string value)
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), protocols: HttpProtocols.Http1);
        await using var host = await StartAsync(target);
        await RawAsync(host, $"POST /kubernetes/api HTTP/1.1\r\nContent-Length: 0\r\n{name}: {value}\r\n");
        return target.Seen.Single();
    }

    private Task<OperationHost> StartAsync(TestTarget target) =>
        OperationHost.StartAsync(_folder.Write("config", KubeConfigs.One(target.Url, KubeConfigs.Authority(_authority))));

    private static async Task<string> RawAsync(OperationHost host, string head, bool ours = true)
    {
        var url = new Uri(host.Url);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(url.Host, url.Port, Cancel);
        var mine = ours ? $"{OperationHeaders.Runner}: {TestIdentity.Runner}\r\n{OperationHeaders.Organization}: {TestIdentity.Org}\r\n" : "";
        await tcp.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"{head}{mine}Host: x\r\nConnection: close\r\n\r\n"), Cancel);
        using var reader = new StreamReader(tcp.GetStream());
        return await reader.ReadToEndAsync(Cancel);
    }
}
