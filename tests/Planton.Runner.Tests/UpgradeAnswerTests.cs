using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;

namespace Planton.Runner.Tests;

/// <summary>What a target may answer to an upgrade, and how each way of ending reaches the other side.</summary>
public sealed class UpgradeAnswerTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(400, "unable to upgrade: missing subprotocol")]
    [InlineData(403, """{"kind":"Status","reason":"Forbidden"}""")]
    [InlineData(404, "")]
    [InlineData(500, "container not found")]
    public async Task AnAnswerInsteadOfASwitchIsPassedOnWhole(int status, string body)
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            context.Response.Headers["Planton-Error"] = "forged";
            context.Response.Headers["X-Theirs"] = "kept";
            return context.Response.WriteAsync(body);
        });
        await using var host = await StartAsync(target);

        using var response = await _client.SendAsync(TestOperation.Upgrade("/kubernetes/exec", server: host.Url), Cancel);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("kept", response.Headers.GetValues("X-Theirs").Single());
        Assert.Null(response.ErrorCode());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("DELETE")]
    [InlineData("get")]
    [InlineData("")]
    public async Task OnlyAGetOrAPostCanBeAnUpgrade(string? method)
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target);

        using var response = await _client.SendAsync(TestOperation.Upgrade("/kubernetes/exec", method, host.Url), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(ErrorCode.InvalidArgument, response.ErrorCode());
        Assert.Empty(target.Seen);
    }

    [Theory]
    [InlineData("/kubernetes/api/../../x%2Fy//exec?command=a%20b&command=%26", "/api/../../x%2Fy//exec?command=a%20b&command=%26")]
    [InlineData("/kubernetes/exec?stdin=true&tty", "/exec?stdin=true&tty")]
    public async Task PathAndQueryOfAnUpgradeAreKeptToo(string path, string expected)
    {
        await using var target = await EchoAsync();
        await using var host = await StartAsync(target);
        using var request = TestOperation.Upgrade("/", server: host.Url);
        request.RequestUri = new Uri(host.Url + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

        using var response = await _client.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, target.Seen.Single().RawTarget);
    }

    [Fact]
    public async Task TheUsersHeadersAreFilteredHereAsElsewhere()
    {
        await using var target = await EchoAsync();
        await using var host = await StartAsync(target, "token: the-runners-own-token");
        using var request = TestOperation.Upgrade("/kubernetes/exec", server: host.Url);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer the-users");
        request.Headers.TryAddWithoutValidation("Cookie", "session=1");
        request.Headers.TryAddWithoutValidation("Proxy-Authorization", "Basic x");
        request.Headers.TryAddWithoutValidation("X-Stream-Protocol-Version", ["v4.channel.k8s.io", "v3.channel.k8s.io"]);

        using var response = await _client.SendAsync(request, Cancel);

        var seen = target.Seen.Single();
        Assert.Equal("POST", seen.Method);
        Assert.Equal("HTTP/1.1", seen.Protocol);
        Assert.Equal("Bearer the-runners-own-token", seen.Header("Authorization"));
        Assert.Equal("SPDY/3.1", seen.Header("Upgrade"));
        Assert.Equal(["v4.channel.k8s.io", "v3.channel.k8s.io"], seen.Header("X-Stream-Protocol-Version")!.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries));
        Assert.All(["Cookie", "Proxy-Authorization", ":protocol"], name => Assert.Null(seen.Header(name)));
        Assert.DoesNotContain(seen.Headers.Keys, k => k.StartsWith("Planton-", StringComparison.OrdinalIgnoreCase));
        Assert.Equal($"127.0.0.1:{target.Port}", seen.Header("Host"));
    }

    [Theory]
    [InlineData("org-2")]
    [InlineData("platform")]
    public async Task AnUpgradeOfAnotherOrganizationIsRefusedBeforeAnythingIsDialled(string organization)
    {
        await using var target = await EchoAsync();
        await using var host = await StartAsync(target);
        using var request = TestOperation.Upgrade("/kubernetes/exec", server: host.Url);
        request.Headers.Remove(OperationHeaders.Organization);
        request.Headers.Add(OperationHeaders.Organization, organization);

        using var response = await _client.SendAsync(request, Cancel);

        Assert.Equal(ErrorCode.RefusedByRunner, response.ErrorCode());
        Assert.Empty(target.Seen);
    }

    [Fact]
    public async Task A401ToAnUpgradeIsTriedWithTheNewToken()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            if (context.Request.Headers.Authorization != "Bearer new-token")
            {
                context.Response.StatusCode = 401;
                return;
            }

            context.Response.Headers.Upgrade = "SPDY/3.1";
            using var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        });
        _folder.Write("token", "old-token");
        await using var host = await StartAsync(target, "tokenFile: token");
        using (var first = await _client.SendAsync(TestOperation.Upgrade("/kubernetes/exec", server: host.Url), Cancel))
            Assert.Equal(HttpStatusCode.Unauthorized, first.StatusCode);
        _folder.Write("token", "new-token");

        using var response = await _client.SendAsync(TestOperation.Upgrade("/kubernetes/exec", server: host.Url), Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task BytesPassUnchangedBothWays_MoreThanAWindowOfThem()
    {
        await using var target = await EchoAsync();
        await using var host = await StartAsync(target);
        using var response = await _client.SendAsync(TestOperation.Upgrade("/kubernetes/exec", server: host.Url), Cancel);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancel);
        var sent = new byte[5_000_000];
        new Random(2).NextBytes(sent);

        var writing = WriteAsync();
        var back = new byte[sent.Length];
        await stream.ReadExactlyAsync(back, Cancel).AsTask().WaitAsync(Limit, Cancel);
        await writing;

        Assert.Equal(sent, back);

        async Task WriteAsync()
        {
            await stream.WriteAsync(sent, Cancel);
            await stream.FlushAsync(Cancel);
        }
    }

    [Fact]
    public async Task WhenTheTargetEndsTheStreamTheClientSeesTheEnd_AfterTheLastByte()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            context.Response.Headers.Upgrade = "SPDY/3.1";
            using var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            await stream.WriteAsync("exit code 3"u8.ToArray(), context.RequestAborted);
        });
        await using var host = await StartAsync(target);

        using var response = await _client.SendAsync(TestOperation.Upgrade("/kubernetes/exec", server: host.Url), Cancel);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancel);
        using var reader = new StreamReader(stream);

        Assert.Equal("exit code 3", await reader.ReadToEndAsync(Cancel).WaitAsync(Limit, Cancel));
    }

    [Fact]
    public async Task WhenTheClientGoesAwayTheTargetsStreamEnds()
    {
        var ended = new TaskCompletionSource();
        await using var target = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            context.Response.Headers.Upgrade = "SPDY/3.1";
            using var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            try
            {
                await stream.CopyToAsync(Stream.Null, context.RequestAborted);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // A reset is an end too.
            }

            ended.TrySetResult();
        });
        await using var host = await StartAsync(target);
        var response = await _client.SendAsync(TestOperation.Upgrade("/kubernetes/exec", server: host.Url), Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        response.Dispose();

        await ended.Task.WaitAsync(Limit, Cancel);
    }

    [Fact]
    public async Task ATargetThatHangsUpInsteadOfAnsweringIsSaid()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        await using var host = await StartAsync(target);

        using var response = await _client.SendAsync(TestOperation.Upgrade("/kubernetes/exec", server: host.Url), Cancel);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(ErrorCode.TargetUnreachable, response.ErrorCode());
    }

    private Task<TestTarget> EchoAsync() => TestTarget.StartAsync(_authority.Server(), async context =>
    {
        context.Response.Headers.Upgrade = "SPDY/3.1";
        using var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        await stream.CopyToAsync(stream, context.RequestAborted);
    });

    private Task<OperationHost> StartAsync(TestTarget target, string user = "") => OperationHost.StartAsync(
        _folder.Write("config", KubeConfigs.One(target.Url, KubeConfigs.Authority(_authority), user)), protocols: HttpProtocols.Http2);
}
