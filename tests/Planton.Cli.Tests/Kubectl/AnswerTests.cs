using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Kubectl;

/// <summary>Pages, compression, broken answers, and the control plane's own errors.</summary>
public sealed class AnswerTests : IDisposable
{
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenThereAreTenThousandObjects_TheyArePrintedInPagesAndInTime()
    {
        await using var server = await StartAsync();
        const int Count = 10_000;
        var count = Count / 10;
        server.On("GET", KubernetesAnswers.Pods, context =>
        {
            var from = int.Parse(context.Request.Query["continue"].FirstOrDefault() ?? "0", System.Globalization.CultureInfo.InvariantCulture);
            var size = int.Parse(context.Request.Query["limit"]!, System.Globalization.CultureInfo.InvariantCulture);
            var next = from + size < count ? $"{from + size}" : "";
            return context.Response.WriteAsJson(KubernetesAnswers.Page(next, [.. Enumerable.Range(from, size).Select(number => $"pod-{number:00000}")]));
        });
        // The first one compiles what the others run.
        await GetAsync();
        var (_, tenth) = await TimedAsync();
        count = Count;
        server.Requests.Clear();

        var (result, took) = await TimedAsync();

        var lines = result.Out.Split('\n');
        Assert.Equal(Count + 2, lines.Length);
        Assert.Equal(("NAME", "pod-00000", "pod-09999", ""), (lines[0], lines[1], lines[^2], lines[^1]));
        Assert.Equal(20, server.Requests.Count);
        // Ten times as many take ten times as long; a hundred times would mean that each page costs what was printed before.
        Assert.True(took < (40 * tenth) + TimeSpan.FromSeconds(0.5), $"it took {took}, a tenth of them {tenth}");

        async Task<(CliResult Result, TimeSpan Took)> TimedAsync()
        {
            var began = Stopwatch.GetTimestamp();
            var got = await GetAsync();
            return (got, Stopwatch.GetElapsedTime(began));
        }
    }

    [Fact]
    public async Task WhenAPageFails_TheEarlierOnesArePrintedAndTheErrorSaid()
    {
        await using var server = await StartAsync();
        server.On("GET", KubernetesAnswers.Pods, context => context.Request.Query.ContainsKey("continue")
            ? context.Response.WriteAsJson(KubernetesAnswers.Status("Expired", "The provided continue parameter is too old"), 410)
            : context.Response.WriteAsJson(KubernetesAnswers.Page("more", "web")));

        var result = await GetAsync();

        Assert.Equal((1, "NAME\nweb\n", "Error from server (Expired): The provided continue parameter is too old\n"), (result.ExitCode, result.Out, result.Error));
    }

    [Fact]
    public async Task WhenTheContinueTokenIsOdd_ItComesBackAsItWas()
    {
        await using var server = await StartAsync();
        const string Token = "eyJ2IjoibWV0YS5r+/=&limit=1 ü";
        string? received = null;
        server.On("GET", KubernetesAnswers.Pods, context =>
        {
            if (!context.Request.Query.ContainsKey("continue"))
                return context.Response.WriteAsJson(KubernetesAnswers.Page(Token, "a"));
            received = context.Request.Query["continue"];
            return context.Response.WriteAsJson(KubernetesAnswers.Table("b"));
        });

        Assert.Equal("NAME\na\nb\n", (await GetAsync()).Out);
        Assert.Equal(Token, received);
    }

    [Fact]
    public async Task WhenTheServerRepeatsItsToken_TheCommandEnds()
    {
        await using var server = await StartAsync();
        server.On("GET", KubernetesAnswers.Pods, context => server.Requests.Count < 50
            ? context.Response.WriteAsJson(KubernetesAnswers.Page("again", "a"))
            : context.Response.WriteAsJson(KubernetesAnswers.Table("a")));

        var result = await GetAsync();

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(2, server.Requests.Count);
        Assert.Contains("the same page", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenPagesAreWholeObjects_TheyBecomeOneList()
    {
        await using var server = await StartAsync();
        server.On("GET", KubernetesAnswers.Pods, context => context.Response.WriteAsJson(
            context.Request.Query.ContainsKey("continue") ? KubernetesAnswers.PodList("", "b") : KubernetesAnswers.PodList("more", "a")));

        Assert.Equal("pod/a\npod/b\n", (await GetAsync("-o", "name")).Out);
        var json = (await GetAsync("-o", "json")).Out;
        Assert.Contains("\"kind\": \"List\"", json, StringComparison.Ordinal);
        Assert.Equal(2, json.Split("\"kind\": \"Pod\"").Length - 1);
        Assert.DoesNotContain("continue", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheAnswerIsCompressed_ItIsReadAllTheSame()
    {
        await using var server = await StartAsync();
        server.On("GET", KubernetesAnswers.Pods, async context =>
        {
            Assert.Contains("gzip", context.Request.Headers.AcceptEncoding.ToString(), StringComparison.Ordinal);
            context.Response.Headers.ContentEncoding = "gzip";
            context.Response.ContentType = "application/json";
            await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(KubernetesAnswers.Table("grüße")), context.RequestAborted);
        });

        Assert.Equal((0, "NAME\ngrüße\n"), await OutAsync());
    }

    [Fact]
    public async Task WhenTheCompressionIsBroken_ItIsAnErrorNotACrash()
    {
        await using var server = await StartAsync();
        server.On("GET", KubernetesAnswers.Pods, context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return context.Response.WriteAsJson("this is not gzip");
        });

        var result = await GetAsync();

        Assert.Equal((1, ""), (result.ExitCode, result.Out));
        Assert.StartsWith("Error: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheAnswerIsCutOff_ItIsAnErrorAndNothingIsPrinted()
    {
        await using var server = await StartAsync();
        server.On("GET", KubernetesAnswers.Pods, async context =>
        {
            context.Response.ContentLength = 10_000;
            await context.Response.WriteAsync("{\"kind\":", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });

        var result = await GetAsync();

        Assert.Equal((1, ""), (result.ExitCode, result.Out));
        Assert.StartsWith("Error: ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("nul")]
    public async Task WhenTheAnswerIsNotOneJsonValue_ItIsAnError(string body)
    {
        await using var server = await StartAsync();
        server.OnJson("GET", KubernetesAnswers.Pods, body);

        var result = await GetAsync();

        Assert.Equal((1, ""), (result.ExitCode, result.Out));
        Assert.Contains("is not JSON", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1\"}")]
    [InlineData("{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1\",\"rows\":[{}],\"columnDefinitions\":[{}]}")]
    [InlineData("{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1\",\"rows\":[null],\"columnDefinitions\":[null]}")]
    [InlineData("{\"items\":[null]}")]
    [InlineData("{\"items\":[{\"metadata\":null}]}")]
    [InlineData("{\"items\":5,\"metadata\":7}")]
    public async Task WhenTheAnswerIsJsonOfAnotherShape_NothingCrashes(string body)
    {
        await using var server = await StartAsync();
        server.OnJson("GET", KubernetesAnswers.Pods, body);

        foreach (var format in (string[])["wide", "json", "yaml", "name"])
        {
            var result = await GetAsync("-o", format);
            Assert.InRange(result.ExitCode, 0, 1);
        }
    }

    [Fact]
    public async Task WhenTheServerNeverAnswers_TheCommandDoesNotWaitForEver()
    {
        await using var server = await StartAsync();
        var arrived = new TaskCompletionSource();
        server.On("GET", KubernetesAnswers.Pods, context =>
        {
            arrived.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });

        var running = GetAsync();
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        _cli.Time.Advance(TimeSpan.FromMinutes(2));
        var result = await running.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("Error: the server did not answer in time\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheServerRedirects_TheKeyDoesNotFollow()
    {
        await using var server = await StartAsync();
        await using var elsewhere = await FakeControlPlane.StartAsync();
        foreach (var path in (string[])[KubernetesAnswers.Pods, "/api/v1/organizations"])
            server.On("GET", path, context =>
            {
                context.Response.Redirect($"{elsewhere.Url}/stolen", permanent: true);
                return Task.CompletedTask;
            });

        Assert.Equal(1, (await GetAsync()).ExitCode);
        Assert.Equal(1, (await _cli.RunAsync("org", "list")).ExitCode);
        Assert.Empty(elsewhere.Requests);
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
