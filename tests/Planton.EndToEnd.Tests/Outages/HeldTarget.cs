using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace Planton.EndToEnd.Tests.Outages;

/// <summary>Stands where a cluster would, answers as far as it is told to, and then holds the request.</summary>
internal sealed class HeldTarget : IAsyncDisposable
{
    private const string Row = """{"cells":["held-pod","1/1","Running",0,"1m"],"object":{"metadata":{"name":"held-pod","namespace":"default","resourceVersion":"5"}}}""";

    private const string Table =
        """
        {"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"5"},"columnDefinitions":[
        {"name":"Name","type":"string","format":"name","priority":0},{"name":"Ready","type":"string","priority":0},
        {"name":"Status","type":"string","priority":0},{"name":"Restarts","type":"integer","priority":0},{"name":"Age","type":"string","priority":0}],"rows":[
        """;

    private readonly WebApplication _app;
    private readonly HeldAnswer _answer;
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HeldTarget(WebApplication app, HeldAnswer answer)
    {
        (_app, _answer) = (app, answer);
        app.Run(AnswerAsync);
    }

    public string Url => _app.Urls.Single();

    /// <summary>Method and path of each request that reached it.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>Completes when a request is held.</summary>
    public Task Held => _held.Task;

    public static async Task<HeldTarget> StartAsync(HeldAnswer answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var target = new HeldTarget(builder.Build(), answer);
        await target._app.StartAsync(TestContext.Current.CancellationToken);
        return target;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        _requests.Enqueue($"{context.Request.Method} {context.Request.GetEncodedPathAndQuery().Split('?')[0]}");
        context.Response.ContentType = "application/json";
        var isWatch = context.Request.Query.ContainsKey("watch");
        if (_answer == HeldAnswer.Watch && !isWatch)
        {
            await context.Response.WriteAsync($"{Table}{Row}]}}");
            return;
        }

        if (_answer == HeldAnswer.HalfAList)
            await context.Response.WriteAsync($"{Table}{Row},");
        else if (_answer == HeldAnswer.Watch)
            await context.Response.WriteAsync(("""{"type":"MODIFIED","object":""" + Table + Row + "]}}").ReplaceLineEndings("") + "\n");
        // Without an answer not even its headers: a flush would send them.
        if (_answer != HeldAnswer.None)
            await context.Response.Body.FlushAsync();
        _held.TrySetResult();
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }
}
