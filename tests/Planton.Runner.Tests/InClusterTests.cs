using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Time.Testing;
using Planton.Api.Errors;
using Planton.Runner.Providers.Kubernetes;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;

namespace Planton.Runner.Tests;

/// <summary>A pod's service account, mounted as Kubernetes mounts it: files that are links into a folder that is a link.</summary>
public sealed class InClusterTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task ARotatedTokenIsUsedWithinAMinute()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        Mount(1, "token-number-1", _authority.Pem);
        await using var host = await StartAsync(target.Port);

        await host.GetAsync("/api", Cancel);
        Mount(2, "token-number-2", _authority.Pem);
        await host.GetAsync("/api", Cancel);
        _time.Advance(TimeSpan.FromSeconds(60));
        await host.GetAsync("/api", Cancel);

        Assert.Equal(["Bearer token-number-1", "Bearer token-number-1", "Bearer token-number-2"], target.Seen.Select(s => s.Header("Authorization")));
    }

    [Fact]
    public async Task ATokenThatIsRefusedIsReadAgainAtOnce_AndTheRequestRepeated()
    {
        var valid = "Bearer token-number-1";
        await using var target = await TestTarget.StartAsync(_authority.Server(), context =>
        {
            context.Response.StatusCode = context.Request.Headers.Authorization == valid ? 200 : 401;
            return Task.CompletedTask;
        });
        Mount(1, "token-number-1", _authority.Pem);
        await using var host = await StartAsync(target.Port);
        using var first = await host.GetAsync("/api", Cancel);
        Mount(2, "token-number-2", _authority.Pem);
        valid = "Bearer token-number-2";

        using var second = await host.GetAsync("/api", Cancel);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(3, target.Seen.Count);
    }

    [Fact]
    public async Task ARequestWithABodyIsNotRepeated_TheNextOneHasTheNewToken()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.StatusCode = context.Request.Headers.Authorization == "Bearer token-number-2" ? 200 : 401;
        });
        Mount(1, "token-number-1", _authority.Pem);
        await using var host = await StartAsync(target.Port);
        await host.GetAsync("/api", Cancel);
        Mount(2, "token-number-2", _authority.Pem);
        // The first 401 made the runner read the file anew, so that it still sends the token of before.
        using var refused = await host.Client.PostAsync("/kubernetes/api", new StringContent("{}"), Cancel);
        using var accepted = await host.Client.PostAsync("/kubernetes/api", new StringContent("{}"), Cancel);

        // The cluster's own 401, not an error of the runner.
        Assert.Equal((HttpStatusCode.Unauthorized, null), (refused.StatusCode, refused.ErrorCode()));
        Assert.True(accepted.StatusCode == HttpStatusCode.OK, accepted.ErrorDetail());
        Assert.Equal(
            ["GET Bearer token-number-1", "POST Bearer token-number-1", "POST Bearer token-number-2"],
            target.Seen.Select(s => $"{s.Method} {s.Header("Authorization")}"));
    }

    [Fact]
    public async Task AManyTimesRefusedTokenIsSentOnceARequest()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), context =>
        {
            context.Response.StatusCode = 401;
            return context.Response.Body.WriteAsync("{\"kind\":\"Status\"}"u8.ToArray()).AsTask();
        });
        Mount(1, "token-number-1", _authority.Pem);
        await using var host = await StartAsync(target.Port);
        for (var i = 0; i < 5; i++)
        {
            using var response = await host.GetAsync("/api", Cancel);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("{\"kind\":\"Status\"}", await response.Content.ReadAsStringAsync(Cancel));
        }

        Assert.Equal(5, target.Seen.Count);
    }

    [Fact]
    public async Task ARotatedAuthorityIsUsed_WithoutARestart()
    {
        using var next = new TestAuthority("Next");
        // A handshake for each request.
        await using var target = await TestTarget.StartAsync(_authority.Server(), context =>
        {
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        }, HttpProtocols.Http1);
        Mount(1, "token-number-1", _authority.Pem);
        await using var host = await StartAsync(target.Port);
        using var before = await host.GetAsync("/api", Cancel);
        target.Certificate = next.Server();
        using var untrusted = await host.GetAsync("/api", Cancel);
        var seen = target.Seen.Count;
        Mount(2, "token-number-1", _authority.Pem + "\n" + next.Pem);
        _time.Advance(TimeSpan.FromSeconds(2));
        using var after = await host.GetAsync("/api", Cancel);

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal((HttpStatusCode.BadGateway, ErrorCode.TargetUnreachable), (untrusted.StatusCode, untrusted.ErrorCode()));
        Assert.Contains("unknown authority (CN=Next)", untrusted.ErrorDetail(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        // No token went to the server before it was trusted.
        Assert.Equal((1, 2), (seen, target.Seen.Count));
    }

    [Theory]
    [InlineData("", "PEM", "is missing, empty or not readable")]
    [InlineData("   \n", "PEM", "is missing, empty or not readable")]
    [InlineData("two words", "PEM", "is missing, empty or not readable")]
    [InlineData(null, "PEM", "has no service account token")]
    [InlineData("token-number-1", null, "the certificate authority")]
    [InlineData("token-number-1", "garbage", "holds no certificate")]
    [InlineData("token-number-1", "", "holds no certificate")]
    public async Task WhatTheMountLacksIsSaid(string? token, string? authority, string expected)
    {
        Mount(1, token, authority == "PEM" ? _authority.Pem : authority);
        await using var host = await StartAsync(1);
        using var response = await host.GetAsync("/api", Cancel);
        Assert.Equal(ErrorCode.TargetUnreachable, response.ErrorCode());
        Assert.Contains(expected, response.ErrorDetail(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATokenFileTooLargeToBeOneIsNotRead()
    {
        Mount(1, new string('x', 65 * 1024), _authority.Pem);
        await using var host = await StartAsync(1);
        using var response = await host.GetAsync("/api", Cancel);
        Assert.Contains("is missing, empty or not readable", response.ErrorDetail(), StringComparison.Ordinal);
        Assert.DoesNotContain("xxxx", response.ErrorDetail(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMountThatAppearsLaterIsPickedUp()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target.Port);
        using var before = await host.GetAsync("/api", Cancel);
        Mount(1, "token-number-1", _authority.Pem);
        using var after = await host.GetAsync("/api", Cancel);

        Assert.Equal(ErrorCode.TargetUnreachable, before.ErrorCode());
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Theory]
    [InlineData("no host", "1", "make no address")]
    [InlineData("10.0.0.1", "port", "make no address")]
    public async Task VariablesThatMakeNoAddressAreNamed(string address, string port, string expected)
    {
        Mount(1, "token-number-1", _authority.Pem);
        await using var host = await StartAsync(new Dictionary<string, string>
        {
            ["KUBERNETES_SERVICE_HOST"] = address,
            ["KUBERNETES_SERVICE_PORT"] = port,
        });
        using var response = await host.GetAsync("/api", Cancel);
        Assert.Contains(expected, response.ErrorDetail(), StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Variables(int port) => new()
    {
        ["KUBERNETES_SERVICE_HOST"] = "127.0.0.1",
        ["KUBERNETES_SERVICE_PORT"] = $"{port}",
    };

    private Task<OperationHost> StartAsync(int port) => StartAsync(Variables(port));

    private Task<OperationHost> StartAsync(Dictionary<string, string> variables) => OperationHost.StartAsync(
        environment: variables, options: new KubernetesOptions { ServiceAccountFolder = _folder.File("sa/x")[..^2] }, time: _time);

    /// <summary>Writes a version and turns the one link to it.</summary>
    private void Mount(int version, string? token, string? authority)
    {
        var data = _folder.File($"sa/..{version}/x")[..^2];
        if (token is not null)
            File.WriteAllText(Path.Combine(data, "token"), token);
        if (authority is not null)
            File.WriteAllText(Path.Combine(data, "ca.crt"), authority);
        var link = _folder.File("sa/..data");
        File.Delete(link);
        File.CreateSymbolicLink(link, $"..{version}");
        foreach (var name in new[] { "token", "ca.crt" })
        {
            var file = _folder.File("sa/" + name);
            if (new FileInfo(file).LinkTarget is null)
                File.CreateSymbolicLink(file, Path.Combine("..data", name));
        }
    }
}
