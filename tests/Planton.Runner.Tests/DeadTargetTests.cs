using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Runner.Providers.Kubernetes;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;
using Planton.Testing.Logging;
using Planton.Testing.Network;

namespace Planton.Runner.Tests;

/// <summary>A target behind a network that swallows, cuts and recovers.</summary>
public sealed class DeadTargetTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly KubernetesOptions Quick = new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(2),
        PingDelay = TimeSpan.FromSeconds(1),
        PingTimeout = TimeSpan.FromSeconds(1),
    };

    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();
    private readonly TestLogs _logs = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task AConnectionThatFallsSilentEndsItsWatches_OthersAreUnhindered_AndTheNextRequestGetsANewConnection()
    {
        await using var dying = await TestTarget.StartAsync(_authority.Server(), WatchAsync);
        await using var healthy = await TestTarget.StartAsync(_authority.Server());
        await using var network = TcpForwarder.Start($"127.0.0.1:{dying.Port}");
        await using var host = await StartAsync(TwoContexts($"https://{network.Address}", healthy.Url));
        using var watch = await host.Client.GetAsync("/kubernetes/watch", HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var events = await watch.Content.ReadAsStreamAsync(Cancel);

        network.Stall();
        var began = TimeProvider.System.GetTimestamp();
        var reading = events.ReadAsync(new byte[1], Cancel).AsTask();
        var pending = host.GetAsync("/list", Cancel);
        using var other = await GetAsync(host, "healthy").WaitAsync(TimeSpan.FromSeconds(2), Cancel);
        await Assert.ThrowsAnyAsync<IOException>(() => reading.WaitAsync(Limit, Cancel));
        using var failed = await pending.WaitAsync(Limit, Cancel);
        var took = TimeProvider.System.GetElapsedTime(began);
        network.Resume();
        network.Cut();
        using var again = await host.GetAsync("/list", Cancel).WaitAsync(Limit, Cancel);

        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(ErrorCode.TargetUnreachable, failed.ErrorCode());
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        // One second of silence, one for the ping, the connect limit of a second try, and the timers' grain.
        Assert.InRange(took, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task AnIdlePooledConnectionThatDiedUnnoticedCostsTheNextRequestNothing()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), WatchAsync);
        await using var network = TcpForwarder.Start($"127.0.0.1:{target.Port}");
        using var pooled = new PooledConnections(new Uri($"https://{network.Address}").Port);
        await using var host = await StartAsync(One($"https://{network.Address}"));
        using var first = await host.GetAsync("/list", Cancel);
        Assert.Equal(1, pooled.Count);

        network.Cut();
        // A request sent before the pool notices would fail with the connection.
        await Eventually.BecomesTrueAsync(() => pooled.Count == 0, "the pool has dropped the connection", cancellationToken: Cancel);
        using var second = await host.GetAsync("/list", Cancel);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(2, network.ConnectionsAccepted);
    }

    [Fact]
    public async Task ACutInTheMiddleOfAnAnswerIsNeverTakenForItsEnd()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), WatchAsync);
        await using var network = TcpForwarder.Start($"127.0.0.1:{target.Port}");
        await using var host = await StartAsync(One($"https://{network.Address}"));
        using var watch = await host.Client.GetAsync("/kubernetes/watch", HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var events = await watch.Content.ReadAsStreamAsync(Cancel);

        network.Cut();

        await Assert.ThrowsAnyAsync<IOException>(() => events.CopyToAsync(Stream.Null, Cancel).WaitAsync(Limit, Cancel));
    }

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task AnAnswerThatEndsTooSoonIsAnErrorForTheClientToo(HttpProtocols protocols)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var target = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            context.Response.ContentLength = 1_000_000;
            await context.Response.Body.WriteAsync(new byte[1000]);
            await context.Response.Body.FlushAsync();
            await begun.Task;
            context.Abort();
        }, protocols);
        await using var host = await StartAsync(One(target.Url));

        using var response = await host.Client.GetAsync("/kubernetes/api", HttpCompletionOption.ResponseHeadersRead, Cancel).WaitAsync(Limit, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        begun.SetResult();

        var broken = await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync(Cancel).WaitAsync(Limit, Cancel));
        Assert.IsAssignableFrom<IOException>(broken.InnerException);
    }

    [Fact]
    public async Task ATargetThatRefusesAndComesBackIsReachedAgainAtOnce()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var network = TcpForwarder.Start($"127.0.0.1:{target.Port}");
        await using var host = await StartAsync(One($"https://{network.Address}"));
        await network.RefuseNewConnectionsAsync();
        // A process that another test starts may hold the port open for a moment.
        await Eventually.BecomesTrueAsync(() => RefusesAsync(host), "the connection is refused", cancellationToken: Cancel);
        network.AcceptNewConnections();
        using var accepted = await host.GetAsync("/api", Cancel);

        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    [Fact]
    public async Task AClientThatGivesUpWhileTheTargetIsDialledLeavesNoErrorBehind()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var network = TcpForwarder.Start($"127.0.0.1:{target.Port}");
        network.Stall();
        await using var host = await StartAsync(One($"https://{network.Address}"));
        using var gone = new CancellationTokenSource();
        var asking = host.GetAsync("/api", gone.Token);
        await Eventually.BecomesTrueAsync(() => network.ConnectionsAccepted > 0, "the target is dialled", cancellationToken: Cancel);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        network.Resume();
        using var after = await host.GetAsync("/api", Cancel).WaitAsync(Limit, Cancel);

        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Empty(_logs.UnexpectedErrors);
    }

    [Fact]
    public async Task AClientThatGivesUpWhileAPluginRunsLeavesNoErrorBehind()
    {
        var started = _folder.File("started");
        var plugin = _folder.Write("plugin.sh", $"#!/bin/sh\necho $$ > {started}\nexec sleep 300\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var host = await StartAsync(KubeConfigs.One(
            "https://127.0.0.1:1", user: $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: {plugin}}}"));
        using var gone = new CancellationTokenSource();
        var asking = host.GetAsync("/api", gone.Token);
        await Eventually.BecomesTrueAsync(() => new FileInfo(started) is { Exists: true, Length: > 0 }, "the plugin starts", cancellationToken: Cancel);
        var pid = (await File.ReadAllTextAsync(started, Cancel)).Trim();

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        await Eventually.BecomesTrueAsync(() => !Directory.Exists($"/proc/{pid}"), "the plugin is ended", cancellationToken: Cancel);
        Assert.Empty(_logs.UnexpectedErrors);
    }

    private static async Task<bool> RefusesAsync(OperationHost host)
    {
        using var response = await host.GetAsync("/api", Cancel);
        return response.ErrorDetail().Contains("refused the connection", StringComparison.Ordinal);
    }

    private static Task WatchAsync(HttpContext context) => context.Request.Path != "/watch" ? context.Response.WriteAsync("ok") : OpenAsync(context);

    private static async Task OpenAsync(HttpContext context)
    {
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private static async Task<HttpResponseMessage> GetAsync(OperationHost host, string kubeContext)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kubernetes/api");
        request.Headers.Add(OperationHeaders.KubernetesContext, kubeContext);
        return await host.Client.SendAsync(request, Cancel);
    }

    private string One(string server) => KubeConfigs.One(server, KubeConfigs.Authority(_authority));

    private string TwoContexts(string test, string healthy) => $$$"""
        current-context: test
        clusters:
        - {name: c, cluster: {server: "{{{test}}}", {{{KubeConfigs.Authority(_authority)}}}}}
        - {name: d, cluster: {server: "{{{healthy}}}", {{{KubeConfigs.Authority(_authority)}}}}}
        contexts:
        - {name: test, context: {cluster: c}}
        - {name: healthy, context: {cluster: d}}
        """;

    private Task<OperationHost> StartAsync(string config) => OperationHost.StartAsync(_folder.Write("config", config), options: Quick, logs: _logs);
}
