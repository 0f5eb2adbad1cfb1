using Microsoft.AspNetCore.Http;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Kubectl;

/// <summary>What is said when the control plane or the cluster refuses.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly CliHarness _cli = new();

    [Theory]
    [InlineData(ErrorCode.RunnerUnreachable, 503, "runner prod is not connected since 05:01", "Start it: planton runner start prod", 5)]
    [InlineData(ErrorCode.NoRunnerAvailable, 503, "no runner is available", "Set one. Then try again.", 5)]
    [InlineData(ErrorCode.ConnectionNotFound, 404, "there is no connection prod", null, 3)]
    [InlineData(ErrorCode.RefusedByRunner, 403, "the runner's policy refuses get of secrets", null, 4)]
    [InlineData(ErrorCode.TargetUnreachable, 502, "dial tcp: connection refused. The cluster", "Check it.", 1)]
    [InlineData(ErrorCode.RunnerBusy, 503, "busy", "busy", 1)]
    [InlineData(ErrorCode.InvalidArgument, 400, "the path is none of Kubernetes", null, 2)]
    [InlineData("a_code_of_tomorrow", 418, "something new", "Update.", 1)]
    public async Task WhenTheControlPlaneRefuses_DetailAndHintAreSaidOnce(string code, int status, string detail, string? hint, int exitCode)
    {
        await using var server = await StartAsync();
        server.On("GET", KubernetesAnswers.Pods, context => context.Response.WriteRefusal(code, status, detail, hint));

        var result = await GetAsync();

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(hint is null ? $"Error: {detail}\n" : $"Error: {detail}\nHint: {hint}\n", result.Error);
        Assert.Equal("", result.Out);
    }

    [Fact]
    public async Task WhenMoreIsAskedFor_TheOperationIsNamed()
    {
        await using var server = await StartAsync();
        server.On("GET", KubernetesAnswers.Pods, context => context.Response.WriteRefusal(ErrorCode.RunnerLost, 502, "lost", null));

        Assert.Equal("Error: lost\nOperation: op-7\n", (await GetAsync("--verbose")).Error);
        Assert.Equal("Error: lost\n", (await GetAsync()).Error);
    }

    [Fact]
    public async Task WhenOnlyTheStatusNamesTheOperation_ThatIsEnough()
    {
        await using var server = await StartAsync();
        server.On("GET", KubernetesAnswers.Pods, async context =>
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.Remove(OperationHeaders.OperationId);
                return Task.CompletedTask;
            });
            await context.Response.WriteRefusal(ErrorCode.Internal, 500, "a fault", null);
        });

        Assert.Equal("Error: a fault\nOperation: op-7\n", (await GetAsync()).Error);
    }

    [Fact]
    public async Task WhenTheClustersOwnErrorHasCauses_TheyAreNotTakenForHints()
    {
        await using var server = await StartAsync();
        server.OnJson("GET", KubernetesAnswers.Pods, """{"kind":"Status","reason":"Invalid","message":"it is invalid","details":{"causes":[{"reason":"FieldValueInvalid","message":"must be positive"}]}}""", 422);

        Assert.Equal((1, "Error from server (Invalid): it is invalid\n"), await ErrorAsync());
    }

    [Theory]
    [InlineData(401, "no", 4, "Error: the server has asked for the client to provide credentials\n")]
    [InlineData(403, "not you", 4, "Error from server (Forbidden): not you\n")]
    [InlineData(403, "", 4, "Error from server (Forbidden): forbidden\n")]
    [InlineData(500, "boom", 1, "Error from server (InternalError): an error on the server (\"boom\") has prevented the request from succeeding\n")]
    [InlineData(502, "<html>bad gateway</html>", 1, "Error from server (InternalError): an error on the server (\"<html>bad gateway</html>\") has prevented the request from succeeding\n")]
    public async Task WhenTheErrorIsPlainText_ItIsReadAsKubectlDoes(int status, string text, int exitCode, string expected)
    {
        await using var server = await StartAsync();
        server.On("GET", KubernetesAnswers.Pods, context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(text, context.RequestAborted);
        });

        var result = await GetAsync();

        Assert.Equal((exitCode, expected), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task WhenAnErrorTextIsHuge_OnlyItsBeginningIsShown()
    {
        await using var server = await StartAsync();
        server.On("GET", KubernetesAnswers.Pods, context =>
        {
            context.Response.StatusCode = 500;
            return context.Response.WriteAsync(new string('x', 100_000), context.RequestAborted);
        });

        Assert.InRange((await GetAsync()).Error.Length, 2048, 2300);
    }

    [Fact]
    public async Task WhenAMessageOfTheClusterCarriesEscapeSequences_TheTerminalNeverSeesThem()
    {
        await using var server = await StartAsync();
        server.OnJson("GET", KubernetesAnswers.Pods, KubernetesAnswers.Status("Bad\u001b[2J", "a\u001b]52;c;cm0=\u0007b\u009bc\r\u202Ed"), 400);

        var error = (await GetAsync()).Error;

        Assert.DoesNotContain(error, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain('\u202E', error);
        Assert.Contains("\\u001b]52;c;cm0=\\u0007b\\u009bc\\u000d\\u202ed", error, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();

    private async Task<(int, string)> OutAsync() => await GetAsync() is var result ? (result.ExitCode, result.Out) : default;

    private async Task<(int, string)> ErrorAsync() => await GetAsync() is var result ? (result.ExitCode, result.Error) : default;

    private Task<CliResult> GetAsync(params string[] options) => _cli.RunAsync(["kubectl", "get", "pods", "--connection", "prod", .. options]);

    private async Task<FakeControlPlane> StartAsync()
    {
        var server = await FakeControlPlane.StartAsync();
        _cli.Using(server);
        return server;
    }
}
