using Planton.Runner.Tests.Fixtures;
using Planton.Testing;
using Planton.Tunnel.Protocol;

namespace Planton.Runner.Tests;

/// <summary>What the gateway refuses for good, and what it refuses for now, by the program as a process.</summary>
public sealed class RunnerRefusalTests : IAsyncLifetime
{
    private RunnerScene _scene = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await RunnerScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [InlineData("revoked")]
    [InlineData("expired")]
    [InlineData("unknown_runner")]
    public async Task AFinalRefusalWhileItRunsCutsItsWatchesAndEndsItWith4(string code)
    {
        await using var target = await TestTarget.StartAsync(_scene.Authority.Server(), async context =>
        {
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await using var runner = _scene.Start(["--kubeconfig", _scene.KubeConfig(target.Url), "--drain-timeout", "2s"]);
        await RunnerScene.ReadyAsync(runner, Cancel);
        using var watch = await _scene.Gateway.SendAsync(TestOperation.Get("/kubernetes/watch"), Cancel);
        await using var events = await watch.Content.ReadAsStreamAsync(Cancel);

        await _scene.Gateway.Registry.All.Single().RefuseAsync(new LinkRefusal(code, "not any more"), Cancel);

        await Assert.ThrowsAnyAsync<IOException>(() => events.CopyToAsync(Stream.Null, Cancel).WaitAsync(TimeSpan.FromSeconds(10), Cancel));
        Assert.Equal(ExitCode.Refused, await runner.WaitForExitAsync(RunnerScene.Limit, Cancel));
        Assert.Contains($"({code}): not any more", runner.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARefusalThatMayPassIsTriedAgain()
    {
        _scene.Gateway.Refusal = new LinkRefusal(RefusalCode.Busy, "full");
        await using var runner = _scene.Start(["--log-level", "debug"]);
        await Eventually.BecomesTrueAsync(() => _scene.Gateway.Refused > 0, "it is refused", RunnerScene.Limit, Cancel);
        _scene.Gateway.Refusal = null;
        await RunnerScene.ReadyAsync(runner, Cancel);
    }
}
