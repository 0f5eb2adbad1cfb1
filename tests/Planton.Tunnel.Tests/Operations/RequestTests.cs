using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Planton.Testing;
using Planton.Tunnel.Links;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Operations;

public sealed class RequestTests : TunnelTest
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public async Task ARequestReachesTheRunner_AndItsAnswerComesBack()
    {
        var (_, runner, tunnel) = await ConnectAsync();

        using var response = await tunnel.SendAsync(HttpMethod.Get, "/some/path?x=1");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal("GET /some/path", await response.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(LinkState.Ready, runner.Link.Status.State);
    }

    [Fact]
    public async Task TheTunnelKnowsItsRunner_FromTheCertificate_AndTheGreeting()
    {
        var (gateway, _, tunnel) = await ConnectAsync();

        Assert.Equal(TestRunner.Identity, tunnel.Identity.ToString());
        Assert.Equal("1.2.3", tunnel.Greeting!.Version);
        Assert.Equal("test-host", tunnel.Greeting.HostName);
        Assert.Equal(["test"], tunnel.Greeting.Capabilities);
        Assert.Equal(tunnel, Assert.Single(gateway.Admission.Ready));
        Assert.Equal(tunnel, Assert.Single(gateway.Registry.Of(TestRunner.RunnerId)));
    }

    [Fact]
    public async Task LargeBodiesArriveWhole_BothWaysAtOnce()
    {
        var content = RandomNumberGenerator.GetBytes(50 * Megabyte);
        var (_, _, tunnel) = await ConnectAsync(async context =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[64 * 1024];
            while (await context.Request.Body.ReadAsync(buffer) is > 0 and var count)
            {
                hash.AppendData(buffer, 0, count);
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, count));
            }

            await context.Response.Body.WriteAsync(hash.GetHashAndReset());
        });

        using var response = await tunnel.SendAsync(HttpMethod.Post, "/echo", new DuplexContent(content));
        var received = await response.Content.ReadAsByteArrayAsync(Cancelled);

        Assert.Equal(content.Length + SHA256.HashSizeInBytes, received.Length);
        Assert.True(content.AsSpan().SequenceEqual(received.AsSpan(0, content.Length)));
        Assert.Equal(SHA256.HashData(content), received[content.Length..]);
    }

    [Fact]
    public async Task AStreamIsNotBuffered_EachLineComesWhenItIsWritten()
    {
        var next = new SemaphoreSlim(0);
        var (_, _, tunnel) = await ConnectAsync(async context =>
        {
            for (var line = 0; line < 3; line++)
            {
                await next.WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync($"line {line}\n");
            }
        });
        next.Release();
        using var response = await tunnel.SendAsync(HttpMethod.Get, "/events");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancelled));

        for (var line = 0; line < 3; line++)
        {
            Assert.Equal($"line {line}", await reader.ReadLineAsync(Cancelled).AsTask().WaitAsync(Eventually.DefaultTimeout, Cancelled));
            next.Release();
        }
    }

    [Fact]
    public async Task TrailersArrive()
    {
        var (_, _, tunnel) = await ConnectAsync(async context =>
        {
            context.Response.DeclareTrailer("Checksum");
            await context.Response.WriteAsync("body");
            context.Response.AppendTrailer("Checksum", "42");
        });

        using var response = await tunnel.SendAsync(HttpMethod.Get, "/");
        await response.Content.ReadAsStringAsync(Cancelled);

        Assert.Equal("42", Assert.Single(response.TrailingHeaders.GetValues("Checksum")));
    }

    [Fact]
    public async Task WhenTheCallerGivesUp_TheOperationAtTheRunnerIsCancelled()
    {
        var started = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        var (_, _, tunnel) = await ConnectAsync(async context =>
        {
            context.RequestAborted.Register(() => aborted.TrySetResult());
            started.TrySetResult();
            await aborted.Task;
        });
        using var giveUp = new CancellationTokenSource();

        var pending = tunnel.Invoker.SendAsync(TunnelRequests.Request(HttpMethod.Get, "/wait"), giveUp.Token);
        await started.Task.WaitAsync(Eventually.DefaultTimeout, Cancelled);
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        await aborted.Task.WaitAsync(Eventually.DefaultTimeout, Cancelled);
    }

    [Fact]
    public async Task ARoundTripIsMeasured_FromTheRunner()
    {
        var (_, runner, _) = await ConnectAsync();

        var began = TimeProvider.System.GetTimestamp();
        var took = await runner.Link.RoundTripAsync(Cancelled);
        var all = TimeProvider.System.GetElapsedTime(began);

        Assert.InRange(took, TimeSpan.FromTicks(1), all);
    }

    [Fact]
    public async Task AnUnknownControlCall_IsNotAnOperation()
    {
        var operations = 0;
        var (_, _, tunnel) = await ConnectAsync(_ =>
        {
            Interlocked.Increment(ref operations);
            return Task.CompletedTask;
        });

        using var response = await tunnel.SendAsync(HttpMethod.Get, "/_planton/v1/nonsense");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(0, operations);
    }

    [Theory]
    [InlineData("/kubernetes/../_planton/v1/refused?code=revoked")]
    [InlineData("/kubernetes/%2e%2e/_planton/v1/refused?code=revoked")]
    [InlineData("/./_planton/v1/refused?code=revoked")]
    [InlineData("/%5Fplanton/v1/refused?code=revoked")]
    [InlineData("/_planton/%76%31/drain")]
    public async Task APathThatOnlyReadsAsAControlCall_IsAnOperation(string path)
    {
        var seen = "";
        var (_, runner, tunnel) = await ConnectAsync(context =>
        {
            seen = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
            return Task.CompletedTask;
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://runner{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await tunnel.Invoker.SendAsync(request, Cancelled);

        Assert.Equal((HttpStatusCode.OK, path), (response.StatusCode, seen));
        Assert.Equal(LinkState.Ready, runner.Link.Status.State);
        Assert.False(runner.Link.Refused.IsCompleted);
    }

    [Fact]
    public async Task AControlCallsPathIsTakenAsItIs()
    {
        var (_, runner, tunnel) = await ConnectAsync();

        foreach (var path in new[] { "/_planton/v1/../v1/refused?code=revoked", "/_planton/v1/%72efused?code=revoked" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://runner{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var response = await tunnel.Invoker.SendAsync(request, Cancelled);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }

        Assert.False(runner.Link.Refused.IsCompleted);
    }

    [Fact]
    public async Task ASecondOpeningOfTheLink_IsRefused()
    {
        var (_, _, tunnel) = await ConnectAsync();

        using var response = await tunnel.SendAsync(HttpMethod.Get, "/_planton/v1/link");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(LinkState.Ready, tunnel.State);
    }
}
