using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace Planton.EndToEnd.Tests.Isolation;

/// <summary>Stands where a cluster would: says who it is, and remembers everything that reached it.</summary>
internal sealed class RecordingTarget : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();

    private RecordingTarget(WebApplication app, string name)
    {
        _app = app;
        Name = name;
        app.Run(AnswerAsync);
    }

    public string Name { get; }

    /// <summary>The bearer token in the kubeconfig of its runner.</summary>
    public string Token => $"token-of-{Name}";

    public string Url => _app.Urls.Single();

    public IReadOnlyCollection<RecordedRequest> Requests => _requests;

    public void Forget() => _requests.Clear();

    public static async Task<RecordingTarget> StartAsync(string name)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var target = new RecordingTarget(builder.Build(), name);
        await target._app.StartAsync(TestContext.Current.CancellationToken);
        return target;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _requests.Enqueue(new RecordedRequest(context.Request.Method, context.Request.GetEncodedPathAndQuery(), headers));
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$"""{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[],"target":"{{Name}}"}""");
    }
}
