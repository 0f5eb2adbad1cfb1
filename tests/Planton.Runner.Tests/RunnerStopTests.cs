using Microsoft.AspNetCore.Http;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;
using Planton.Testing.Network;
using Planton.Testing.Processes;

namespace Planton.Runner.Tests;

/// <summary>Stopping, by the program as a process.</summary>
public sealed class RunnerStopTests : IAsyncLifetime
{
    private RunnerScene _scene = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await RunnerScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task AStopLetsWhatIsUnderWayEnd_AndTheRunnerEndsAsSoonAsItHas()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var target = await TestTarget.StartAsync(_scene.Authority.Server(), async context =>
        {
            await context.Response.WriteAsync("first ");
            await context.Response.Body.FlushAsync();
            await go.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("last");
        });
        await using var runner = _scene.Start(["--kubeconfig", _scene.KubeConfig(target.Url), "--drain-timeout", "60s"]);
        await RunnerScene.ReadyAsync(runner, Cancel);
        // The gateway closes a link that drains when no lease is left.
        var lease = _scene.Gateway.Registry.TryBeginOperation(TestIdentity.Runner);
        using var response = await _scene.Gateway.SendAsync(TestOperation.Get("/kubernetes/log"), Cancel);

        runner.Signal(ProcessSignal.Terminate);
        await runner.WaitForLineAsync(l => l.Contains("Stopping", StringComparison.Ordinal), "that it stops", RunnerScene.Limit, Cancel);
        await Eventually.BecomesTrueAsync(
            () => _scene.Gateway.Registry.TryBeginOperation(TestIdentity.Runner) is null, "the gateway gives it nothing new", cancellationToken: Cancel);
        Assert.False(runner.HasExited);
        go.SetResult();

        Assert.Equal("first last", await response.Content.ReadAsStringAsync(Cancel).WaitAsync(RunnerScene.Limit, Cancel));
        lease!.Dispose();
        Assert.Equal(0, await runner.WaitForExitAsync(TimeSpan.FromSeconds(20), Cancel));
    }

    [Fact]
    public async Task AStopWhileStartingEndsWith0AndAtOnce()
    {
        await using var runner = _scene.Start(["--start-timeout", "60s"], tunnel: $"127.0.0.1:{FreePort.Find()}");
        await runner.WaitForLineAsync(l => l.Contains("Step 1 of 2", StringComparison.Ordinal), "step 1", RunnerScene.Limit, Cancel);
        runner.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await runner.WaitForExitAsync(TimeSpan.FromSeconds(15), Cancel));
    }
}
