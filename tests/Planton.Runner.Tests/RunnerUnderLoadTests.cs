using System.Net;
using Microsoft.AspNetCore.Http;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;

namespace Planton.Runner.Tests;

/// <summary>Many and slow readers through one real tunnel and one runner process. Times and memory are measured: nothing else runs beside.</summary>
[Collection(nameof(Alone))]
public sealed class RunnerUnderLoadTests : IAsyncLifetime
{
    private const int Streams = 500;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private RunnerScene _scene = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await RunnerScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task FiveHundredLogStreamsRunAtOnce_EachGetsItsOwnLines_AndAllEndTogether()
    {
        var open = 0;
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var target = await TestTarget.StartAsync(_scene.Authority.Server(), async context =>
        {
            if (context.Request.Path == "/list")
            {
                await context.Response.WriteAsync("ok");
                return;
            }

            await context.Response.WriteAsync($"begin {context.Request.Query["n"]}\n");
            await context.Response.Body.FlushAsync();
            Interlocked.Increment(ref open);
            await go.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync($"end {context.Request.Query["n"]}\n");
        });
        await using var runner = _scene.Start(["--kubeconfig", _scene.KubeConfig(target.Url)]);
        await RunnerScene.ReadyAsync(runner, Cancel);
        // The first request pays for the connection to the target.
        await ListAsync();
        var unloaded = await ListAsync();

        var streams = await Task.WhenAll(Enumerable.Range(0, Streams).Select(OpenAsync)).WaitAsync(Limit, Cancel);
        Assert.Equal(Streams, open);
        var latency = await ListAsync();
        var resident = runner.ResidentMemoryBytes;
        go.SetResult();
        var texts = await Task.WhenAll(streams.Select(s => s.Content.ReadAsStringAsync(Cancel))).WaitAsync(Limit, Cancel);

        TestContext.Current.TestOutputHelper?.WriteLine($"{Streams} streams: resident {resident / 1e6:0.0} MB, one more request {latency.TotalMilliseconds:0.0} ms, without them {unloaded.TotalMilliseconds:0.0} ms");
        Assert.Equal(Enumerable.Range(0, Streams).Select(n => $"begin {n}\nend {n}\n"), texts);
        Assert.InRange(latency, TimeSpan.Zero, TimeSpan.FromSeconds(0.5) + (20 * unloaded));
        Assert.InRange(resident, 0, 300_000_000);
        await Eventually.BecomesTrueAsync(() => _scene.Gateway.Registry.All.Single().Operations == 0, "no operation is left", cancellationToken: Cancel);
        foreach (var stream in streams)
            stream.Dispose();
    }

    [Fact]
    public async Task AReaderThatStopsHoldsUpNobody_AndCostsTheRunnerAWindowAndNotTheWholeAnswer()
    {
        const long Size = 300_000_000;
        long sent = 0;
        await using var target = await TestTarget.StartAsync(_scene.Authority.Server(), async context =>
        {
            if (context.Request.Path == "/list")
            {
                await context.Response.WriteAsync("ok");
                return;
            }

            var block = new byte[100_000];
            for (var i = 0L; i < Size; i += block.Length)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
                Interlocked.Add(ref sent, block.Length);
            }
        });
        await using var runner = _scene.Start(["--kubeconfig", _scene.KubeConfig(target.Url)]);
        await RunnerScene.ReadyAsync(runner, Cancel);
        using (await _scene.Gateway.SendAsync(TestOperation.Get("/kubernetes/list"), Cancel))
        {
            // Warmed up.
        }

        var before = runner.ResidentMemoryBytes;
        using var slow = await _scene.Gateway.SendAsync(TestOperation.Get("/kubernetes/log"), Cancel);
        await using var body = await slow.Content.ReadAsStreamAsync(Cancel);
        await StandsStillAsync(() => Interlocked.Read(ref sent));
        var (stalledAt, during) = (Interlocked.Read(ref sent), runner.ResidentMemoryBytes);
        for (var i = 0; i < 20; i++)
        {
            using var other = await _scene.Gateway.SendAsync(TestOperation.Get("/kubernetes/list"), Cancel).WaitAsync(TimeSpan.FromSeconds(5), Cancel);
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        }

        var total = 0L;
        var buffer = new byte[1 << 20];
        while (await body.ReadAsync(buffer, Cancel) is var read and > 0)
            total += read;

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"stalled after {stalledAt / 1e6:0.0} MB; runner {before / 1e6:0.0} -> {during / 1e6:0.0} -> {runner.ResidentMemoryBytes / 1e6:0.0} MB");
        Assert.Equal(Size, total);
        Assert.InRange(stalledAt, 1, 64_000_000);
        Assert.InRange(during - before, long.MinValue, 80_000_000);
    }

    [Fact]
    public async Task ManyReadersThatGoAwayLeaveNothingOpenAtTheTarget()
    {
        var open = 0;
        await using var target = await TestTarget.StartAsync(_scene.Authority.Server(), async context =>
        {
            Interlocked.Increment(ref open);
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            Interlocked.Decrement(ref open);
        });
        await using var runner = _scene.Start(["--kubeconfig", _scene.KubeConfig(target.Url)]);
        await RunnerScene.ReadyAsync(runner, Cancel);
        for (var round = 0; round < 3; round++)
        {
            var watches = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => _scene.Gateway.SendAsync(TestOperation.Get("/kubernetes/watch"), Cancel)));
            await Eventually.BecomesTrueAsync(() => Volatile.Read(ref open) == 60, "all watches are open", cancellationToken: Cancel);
            foreach (var watch in watches)
                watch.Dispose();
            await Eventually.BecomesTrueAsync(() => Volatile.Read(ref open) == 0, "no watch is left", cancellationToken: Cancel);
        }
    }

    private async Task<TimeSpan> ListAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        using var one = await _scene.Gateway.SendAsync(TestOperation.Get("/kubernetes/list"), Cancel);
        Assert.Equal("ok", await one.Content.ReadAsStringAsync(Cancel));
        return TimeProvider.System.GetElapsedTime(began);
    }

    private async Task<HttpResponseMessage> OpenAsync(int n)
    {
        var response = await _scene.Gateway.SendAsync(TestOperation.Get($"/kubernetes/log?n={n}"), Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response;
    }

    /// <summary>Until the value has not moved for half a second.</summary>
    private static async Task StandsStillAsync(Func<long> value)
    {
        var (last, since) = (value(), TimeProvider.System.GetTimestamp());
        await Eventually.BecomesTrueAsync(
            () =>
            {
                if (value() is var now && now != last)
                    (last, since) = (now, TimeProvider.System.GetTimestamp());
                return last > 0 && TimeProvider.System.GetElapsedTime(since) > TimeSpan.FromSeconds(0.5);
            },
            "the target can send no more", Limit, Cancel);
    }
}
