using System.Net;
using System.Text;
using System.Text.Json;
using Planton.Api.Client;
using Planton.Api.Runners;
using Planton.EndToEnd.Tests.Installations;
using Planton.Testing.Network;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.EndToEnd.Tests.Outages;

/// <summary>What is said of an operation whose runner is killed while it is in flight: before its answer began, and after.</summary>
public sealed class RunnerLostTests(CommonInstallation common) : InstallationTest(common)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task BeforeTheAnswerBegan_TheErrorIsRunnerLost_SaysThatItMayHaveRun_AndItIsNotSentTwice()
    {
        await using var target = await HeldTarget.StartAsync(HeldAnswer.None);
        var runner = await ConnectAsync("lost-before", target);
        await using var get = Installation.StartPlanton("kubectl", "get", "pods", "--connection", "lost-before");
        await target.Held.WaitAsync(Patience, Token);
        // Another replica, by which it could be sent a second time.
        var other = await StartAsync("lost-before", target);

        runner.Process.Signal(ProcessSignal.Kill);

        Assert.Equal(5, await get.WaitForExitAsync(Patience, Token));
        Assert.Equal([], get.OutputLines);
        Assert.Equal(
            [
                "Error: the tunnel to runner \"lost-before\" broke during the operation. It may have run",
                "Hint: Look before you repeat it. The runner's state: planton runner get lost-before",
            ],
            get.ErrorLines);
        Assert.Equal(["GET /api/v1/namespaces/default/pods"], target.Requests);

        other.Process.Signal(ProcessSignal.Kill);
        // The time is written down a little after the tunnel is gone.
        await Installation.RunnerBecomesAsync("lost-before", "disconnected", r => r.Status == RunnerStatus.Disconnected, Patience);
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                var next = await Installation.PlantonAsync("kubectl", "get", "pods", "--connection", "lost-before");
                Assert.Equal((5, ""), (next.ExitCode, next.Output));
                Assert.Contains("The operation was not sent", next.Error, StringComparison.Ordinal);
                return next.Error.Contains("is unreachable: it is not connected since", StringComparison.Ordinal);
            },
            "the next command says since when the runner is not connected", Patience, Token);
        Assert.Single(target.Requests);
    }

    [Fact]
    public async Task AWriteBeforeItsAnswerBegan_IsAnswered502_WithTheCode_AndReachedTheTargetOnce()
    {
        await using var target = await HeldTarget.StartAsync(HeldAnswer.None);
        var runner = await ConnectAsync("lost-write", target);
        using var http = new HttpClient { BaseAddress = new Uri(Installation.Server.Addresses.Http + "/") };
        http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(Installation.Server.InitialKey);
        using var body = new StringContent("""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"once"}}""", Encoding.UTF8, "application/json");
        var create = http.PostAsync("kubernetes/default/lost-write/api/v1/namespaces/default/configmaps", body, Token);
        await target.Held.WaitAsync(Patience, Token);
        // Another replica, by which it could be sent a second time.
        await StartAsync("lost-write", target);

        runner.Process.Signal(ProcessSignal.Kill);

        using var answer = await create.WaitAsync(Patience, Token);
        Assert.Equal((HttpStatusCode.BadGateway, "runner_lost"), (answer.StatusCode, Assert.Single(answer.Headers.GetValues("Planton-Error"))));
        using var status = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal("Status", status.RootElement.GetProperty("kind").GetString());
        Assert.Contains("It may have run", status.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(["POST /api/v1/namespaces/default/configmaps"], target.Requests);
    }

    /// <summary>A known gap: an answer that began cannot turn into an error with a code. It must not pass for a whole one.</summary>
    [Fact]
    public async Task InTheMiddleOfAList_TheCommandFails_AndPrintsNoPartOfIt()
    {
        await using var target = await HeldTarget.StartAsync(HeldAnswer.HalfAList);
        var runner = await ConnectAsync("lost-half", target);
        await using var way = TcpForwarder.Start(new Uri(Installation.Server.Addresses.Http).Authority);
        await using var get = ProgramProcess.Start(
            ProgramFiles.Cli, ["kubectl", "get", "pods", "--connection", "lost-half", "--org", PlantonInstallation.Organization],
            Installation.Variables(("PLANTON_SERVER", $"http://{way.Address}"), ("PLANTON_API_KEY", Installation.Server.InitialKey)));
        // What the target has sent may be on its way still: without any of it at the client, the answer has not begun.
        await Eventually.BecomesTrueAsync(() => way.BytesFromTarget > 0, "the answer has begun", Patience, Token);

        runner.Process.Signal(ProcessSignal.Kill);

        Assert.Equal(1, await get.WaitForExitAsync(Patience, Token));
        Assert.Equal([], get.OutputLines);
        Assert.StartsWith($"Error: http://{way.Address} cannot be reached: ", get.ErrorLines[0], StringComparison.Ordinal);
        Assert.Single(target.Requests);
    }

    [Fact]
    public async Task DuringAWatch_WhatCameIsPrinted_AndTheErrorSaysThatItBroke()
    {
        await using var target = await HeldTarget.StartAsync(HeldAnswer.Watch);
        var runner = await ConnectAsync("lost-watch", target);
        await using var watch = Installation.StartPlanton("kubectl", "get", "pods", "--watch", "--connection", "lost-watch");
        // The second row comes by the watch, and shows that its answer has begun.
        await Eventually.BecomesTrueAsync(() => watch.OutputLines.Count == 3, "what is there at first and one event are printed", Patience, Token);

        runner.Process.Signal(ProcessSignal.Kill);

        Assert.Equal(1, await watch.WaitForExitAsync(Patience, Token));
        Assert.Equal(["NAME", "held-pod", "held-pod"], watch.OutputLines.Select(line => line.Split(' ')[0]));
        Assert.Equal(
            [
                "Error: the connection to the control plane was lost during the watch, or the runner's tunnel behind it",
                "Hint: Watch again; whether the runner is connected: planton runner list",
            ],
            watch.ErrorLines);
    }

    private async Task<RunnerProgram> ConnectAsync(string name, HeldTarget target)
    {
        var runner = await StartAsync(name, target);
        await Installation.ConnectAsync(name, name);
        return runner;
    }

    private Task<RunnerProgram> StartAsync(string name, HeldTarget target) =>
        Installation.StartRunnerAsync(name, RunnerKubeconfig.Write(Installation, name, target.Url, "a-token"));
}
