using System.Net;
using Planton.Api.Errors;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing.Network;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.Runner.Tests;

/// <summary>What the program does when all is well.</summary>
public sealed class RunnerProgramTests : RunnerProgramTest
{
    [Fact]
    public async Task ItStartsInTwoPhases_DoesOperations_AndStopsWith0()
    {
        await using var target = await TestTarget.StartAsync(Authority.Server());
        var config = Folder.Write("kube", KubeConfigs.One(target.Url, KubeConfigs.Authority(Authority), "token: the-runners-own-token"));
        var health = FreePort.Find();
        await using var runner = Start("--kubeconfig", config, "--health", $"127.0.0.1:{health}", "--log-level", "debug");
        await ReadyAsync(runner);

        using var response = await Gateway.SendAsync(Operation("/kubernetes/api/v1/pods?limit=5"), Cancel);
        using var foreign = await Gateway.SendAsync(Operation("/kubernetes/api", organization: "org-2"), Cancel);
        using var http = new HttpClient();
        using var ready = await http.GetAsync(new Uri($"http://127.0.0.1:{health}/healthz/ready"), Cancel);
        using var notThere = await http.GetAsync(new Uri($"http://127.0.0.1:{health}/kubernetes/api"), Cancel);

        TestContext.Current.TestOutputHelper?.WriteLine($"resident {runner.ResidentMemoryBytes / 1e6:0.0} MB");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', runner.ErrorLines));
        Assert.Equal("ok", await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("/api/v1/pods?limit=5", target.Seen.Single().RawTarget);
        Assert.Equal(ErrorCode.RefusedByRunner, foreign.ErrorCode());
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, notThere.StatusCode);
        runner.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await runner.WaitForExitAsync(Limit, Cancel));
        Assert.Empty(runner.OutputLines);
        AssertNoSecrets(runner);
        var said = string.Join('\n', runner.ErrorLines);
        var steps = new[] { "credentials from", "Step 1 of 2", "Step 2 of 2", "accepting operations", "Stopping", "Stopped" };
        Assert.Equal(steps.Order(Comparer<string>.Create((a, b) => said.IndexOf(a, StringComparison.Ordinal) - said.IndexOf(b, StringComparison.Ordinal))), steps);
    }

    [Fact]
    public async Task UntilTheControlPlaneKnowsItNoOperationIsDone_AndItIsNotReady()
    {
        ControlPlane.Hold = new TaskCompletionSource();
        var health = FreePort.Find();
        await using var runner = Start("--health", $"127.0.0.1:{health}");
        await runner.WaitForLineAsync(l => l.Contains("Step 2 of 2", StringComparison.Ordinal), "step 2", Limit, Cancel);

        using var early = await Gateway.SendEarlyAsync(Operation("/kubernetes/api"), Cancel);
        using var http = new HttpClient();
        using var live = await http.GetAsync(new Uri($"http://127.0.0.1:{health}/healthz/live"), Cancel);
        using var ready = await http.GetAsync(new Uri($"http://127.0.0.1:{health}/healthz/ready"), Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
        Assert.Equal(ErrorCode.Unavailable, early.ErrorCode());
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        runner.Signal(ProcessSignal.Interrupt);
        Assert.Equal(0, await runner.WaitForExitAsync(Limit, Cancel));
    }

    [Fact]
    public async Task AControlPlaneThatIsOutForAMomentIsAskedAgain()
    {
        ControlPlane.Outages = 2;
        await using var runner = Start();
        await ReadyAsync(runner);
        Assert.Equal(0, ControlPlane.Outages);
    }

    [Fact]
    public async Task AWatchThatGoesOnDoesNotHoldUpAStopForLongerThanTheDrainTimeout()
    {
        await using var target = await TestTarget.StartAsync(Authority.Server(), async context =>
        {
            await context.Response.StartAsync(context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        var config = Folder.Write("kube", KubeConfigs.One(target.Url, KubeConfigs.Authority(Authority)));
        await using var runner = Start("--kubeconfig", config, "--drain-timeout", "1s");
        await ReadyAsync(runner);
        using var watch = await Gateway.SendAsync(Operation("/kubernetes/api/v1/pods?watch=1"), Cancel);
        await using var events = await watch.Content.ReadAsStreamAsync(Cancel);

        runner.Signal(ProcessSignal.Terminate);

        Assert.Equal(0, await runner.WaitForExitAsync(TimeSpan.FromSeconds(15), Cancel));
    }

    [Fact]
    public async Task ItListensForHealthChecksAlone_AndWithoutThemNowhere_WhateverTheEnvironmentAsksFor()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sockets are read from /proc");
        await using (var silent = Start())
        {
            await ReadyAsync(silent);
            Assert.Empty(ListeningSockets.Of(silent));
        }

        var health = FreePort.Find();
        await using var runner = Start("--health", $"127.0.0.1:{health}");
        await ReadyAsync(runner);
        Assert.Equal([$"127.0.0.1:{health}"], ListeningSockets.Of(runner));
    }

    [Fact]
    public async Task VersionAndHelpGoToStandardOutput()
    {
        var version = await ProgramProcess.RunAsync(ProgramFiles.Runner, ["version"], timeout: Limit, cancellationToken: Cancel);
        var help = await ProgramProcess.RunAsync(ProgramFiles.Runner, ["start", "--help"], timeout: Limit, cancellationToken: Cancel);
        Assert.Matches(@"^\d+\.\d+\.\d+", version.Output);
        Assert.Contains("Examples:", help.Output, StringComparison.Ordinal);
        Assert.Equal((0, 0), (version.ExitCode, help.ExitCode));
    }
}
