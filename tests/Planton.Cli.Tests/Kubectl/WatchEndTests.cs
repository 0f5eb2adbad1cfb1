using Microsoft.AspNetCore.Http;
using Planton.Api.Errors;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Kubectl;

/// <summary>How a watch ends.</summary>
public sealed class WatchEndTests : IDisposable
{
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenEmptyLinesKeepTheWatchAlive_TheyArePassedOver()
    {
        await using var server = await FakeControlPlane.StartAsync();
        _cli.Using(server);
        server.On("GET", KubernetesAnswers.Pods, async context =>
        {
            if (context.Request.Query["watch"] != "true")
            {
                await context.Response.WriteAsJson(KubernetesAnswers.Table("web"));
                return;
            }

            await context.Response.WriteAsync("\n\n", context.RequestAborted);
            await context.Response.WriteEvent("ADDED", KubernetesAnswers.Table("new"));
            await context.Response.WriteAsync("\n", context.RequestAborted);
        });

        Assert.Equal("NAME\nweb\nnew\n", (await GetAsync("-w")).Out);
    }

    [Fact]
    public async Task WhenAnEventIsNotJson_TheWatchEndsWithAnError()
    {
        await using var server = await FakeControlPlane.StartAsync();
        _cli.Using(server);
        server.On("GET", KubernetesAnswers.Pods, context => context.Request.Query["watch"] == "true"
            ? context.Response.WriteAsync("<html>\n", context.RequestAborted)
            : context.Response.WriteAsJson(KubernetesAnswers.Table("web")));

        var result = await GetAsync("-w");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("NAME\nweb\n", result.Out);
        Assert.Contains("is not JSON", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenAnEventIsEndless_TheWatchEndsBeforeTheMemoryDoes()
    {
        await using var server = await FakeControlPlane.StartAsync();
        _cli.Using(server);
        var block = new string('x', 1024 * 1024);
        var blocks = 0;
        server.On("GET", KubernetesAnswers.Pods, async context =>
        {
            if (context.Request.Query["watch"] != "true")
            {
                await context.Response.WriteAsJson(KubernetesAnswers.Table("web"));
                return;
            }

            for (; blocks < 200 && !context.RequestAborted.IsCancellationRequested; blocks++)
                await context.Response.WriteAsync(block, context.RequestAborted);
        });

        var result = await GetAsync("-w");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("too large", result.Error, StringComparison.Ordinal);
        Assert.True(blocks < 100, $"{blocks} MiB of one event were read");
    }

    [Fact]
    public async Task WhenTheWatchIsRefused_TheReasonFollowsTheList()
    {
        await using var server = await FakeControlPlane.StartAsync();
        _cli.Using(server);
        server.On("GET", KubernetesAnswers.Pods, context => context.Request.Query["watch"] == "true"
            ? context.Response.WriteAsJson(KubernetesAnswers.Status("Forbidden", "pods is forbidden: cannot watch"), 403)
            : context.Response.WriteAsJson(KubernetesAnswers.Table("web")));

        var result = await GetAsync("-w");

        Assert.Equal((4, "NAME\nweb\n", "Error from server (Forbidden): pods is forbidden: cannot watch\n"), (result.ExitCode, result.Out, result.Error));
    }

    [Fact]
    public async Task WhenTheRunnerIsLostBeforeTheWatch_TheExitCodeIs5()
    {
        await using var server = await FakeControlPlane.StartAsync();
        _cli.Using(server);
        server.On("GET", KubernetesAnswers.Pods, context => context.Request.Query["watch"] == "true"
            ? context.Response.WriteRefusal(ErrorCode.RunnerLost, 502, "the tunnel broke", "Try again.")
            : context.Response.WriteAsJson(KubernetesAnswers.Table("web")));

        var result = await GetAsync("-w");

        Assert.Equal((5, "Error: the tunnel broke\nHint: Try again.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task WhenTheConnectionBreaksDuringAWatch_ItIsAnErrorNotAnEnd()
    {
        await using var server = await FakeControlPlane.StartAsync();
        _cli.Using(server);
        var output = new SignalWriter { NewLine = "\n" };
        var error = new SignalWriter { NewLine = "\n" };
        server.On("GET", KubernetesAnswers.Pods, async context =>
        {
            if (context.Request.Query["watch"] != "true")
            {
                await context.Response.WriteAsJson(KubernetesAnswers.Table("web"));
                return;
            }

            await context.Response.WriteEvent("ADDED", KubernetesAnswers.Table("new"));
            // A reset throws away what was not read yet.
            await output.WaitForAsync("new\n");
            context.Abort();
        });

        var exitCode = await _cli.RunAsync(output, error, TestContext.Current.CancellationToken, "kubectl", "get", "pods", "--connection", "prod", "-w");

        Assert.Equal((1, "NAME\nweb\nnew\n"), (exitCode, output.Text));
        Assert.StartsWith("Error: the connection to the control plane was lost during the watch, or the runner's tunnel behind it\nHint: ", error.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runner_lost", 5, "Error: the tunnel broke\n")]
    [InlineData("FieldValueInvalid", 1, "Error from server (Expired): the tunnel broke\n")]
    public async Task WhenAnEventSaysThatTheRunnerIsLost_TheExitCodeIs5(string cause, int exitCode, string error)
    {
        await using var server = await StartAsync(
            KubernetesAnswers.Table("web"),
            ("ERROR", $$$"""{"kind":"Status","reason":"Expired","message":"the tunnel broke","details":{"causes":[{"reason":"{{{cause}}}","message":"the tunnel broke"}]}}"""));

        var result = await GetAsync("-w");

        Assert.Equal((exitCode, "NAME\nweb\n", error), (result.ExitCode, result.Out, result.Error));
    }

    [Fact]
    public async Task WhenNoSuchObjectIsWatched_ItIsNotFound()
    {
        await using var server = await FakeControlPlane.StartAsync();
        _cli.Using(server);
        server.OnJson("GET", $"{KubernetesAnswers.Pods}/gone", """{"kind":"Status","reason":"NotFound","message":"pods \"gone\" not found","details":{"name":"gone","kind":"pods"}}""", 404);

        var result = await _cli.RunAsync("kubectl", "get", "pod", "gone", "-w", "--connection", "prod");

        Assert.Equal((3, "", "Error from server (NotFound): pods \"gone\" not found\n"), (result.ExitCode, result.Out, result.Error));
        Assert.Single(server.Requests);
    }

    public void Dispose() => _cli.Dispose();

    private static void Serve(FakeControlPlane server, string list, params (string Type, string Json)[] events) =>
        server.On("GET", KubernetesAnswers.Pods, async context =>
        {
            if (context.Request.Query["watch"] != "true")
            {
                await context.Response.WriteAsJson(list);
                return;
            }

            foreach (var (type, json) in events)
                await context.Response.WriteEvent(type, json);
        });

    private async Task<FakeControlPlane> StartAsync(string list, params (string Type, string Json)[] events)
    {
        var server = await FakeControlPlane.StartAsync();
        _cli.Using(server);
        Serve(server, list, events);
        return server;
    }

    private Task<CliResult> GetAsync(params string[] options) => _cli.RunAsync(["kubectl", "get", "pods", "--connection", "prod", .. options]);
}
