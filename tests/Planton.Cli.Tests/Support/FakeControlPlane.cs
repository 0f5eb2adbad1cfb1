using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Planton.Api;
using Planton.Api.Errors;

namespace Planton.Cli.Tests.Support;

/// <summary>A real server on loopback that gives the answers a test puts in, and remembers what it was asked.</summary>
internal sealed class FakeControlPlane : IAsyncDisposable
{
    public const string ApiKey = "pck_test0123456789";

    private readonly WebApplication _application;
    private readonly Dictionary<string, Func<HttpContext, Task>> _answers = [];

    private FakeControlPlane(WebApplication application) => _application = application;

    public ConcurrentQueue<RecordedRequest> Requests { get; } = [];

    public string Url { get; private set; } = "";

    /// <summary>Starts it; with a certificate it speaks TLS.</summary>
    public static async Task<FakeControlPlane> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        var server = new FakeControlPlane(builder.Build());
        server._application.Run(server.AnswerAsync);
        await server._application.StartAsync(TestContext.Current.CancellationToken);
        server.Url = server._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return server;
    }

    /// <summary>Sets the answer to a method and a path, whatever the query.</summary>
    public FakeControlPlane On(string method, string path, Func<HttpContext, Task> answer)
    {
        _answers[$"{method} {path}"] = answer;
        return this;
    }

    public FakeControlPlane OnJson(string method, string path, string json, int status = 200) => On(method, path, context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json, context.RequestAborted);
    });

    public FakeControlPlane On<T>(string method, string path, T value) =>
        OnJson(method, path, JsonSerializer.Serialize(value, typeof(T), PlantonJson.Default));

    public FakeControlPlane OnProblem(string method, string path, string code, string detail, string? hint = null) => On(method, path, context =>
    {
        context.Response.StatusCode = ErrorStatus.ToHttpStatus(code);
        context.Response.ContentType = "application/problem+json";
        var problem = new Problem { Code = code, Status = context.Response.StatusCode, Detail = detail, Hint = hint, OperationId = "op-1" };
        return context.Response.WriteAsync(JsonSerializer.Serialize(problem, PlantonJson.Default.Problem), context.RequestAborted);
    });

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var request = context.Request;
        Requests.Enqueue(new RecordedRequest(
            request.Method, request.Path.Value!, request.QueryString.Value!, request.Headers.Authorization.ToString(), request.Headers.Accept.ToString(), body));
        if (_answers.TryGetValue($"{request.Method} {request.Path}", out var answer))
        {
            await answer(context);
            return;
        }

        context.Response.StatusCode = 404;
        await context.Response.WriteAsync("404 page not found", context.RequestAborted);
    }
}
