using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Planton.Api;
using Planton.Api.Errors;
using Planton.Api.Identity;

namespace Planton.Runner.Tests.Fixtures;

/// <summary>The one answer of the control plane that a runner needs to start.</summary>
internal sealed class TestControlPlane
{
    /// <summary>Null answers 401.</summary>
    public Caller? Caller { get; set; } = RunnerAccount("org-1", TestIdentity.Runner);

    /// <summary>How often the control plane is out of order before it answers.</summary>
    public int Outages { get; set; }

    public TaskCompletionSource? Hold { get; set; }

    public static Caller RunnerAccount(string? organization, string runner) => new()
    {
        Kind = "service-account",
        Id = "sa-1",
        Name = "runner-prod",
        ApiKeyId = "publicid",
        Runner = new RunnerReference(runner, "prod", organization, organization),
    };

    public async Task AnswerAsync(HttpContext context)
    {
        if (Hold is { } hold)
            await hold.Task.WaitAsync(context.RequestAborted);
        var known = context.Request.Path == "/api/v1/me" && context.Request.Headers.Authorization == "Bearer " + TestCredentials.ApiKey;
        if (Outages > 0)
        {
            Outages--;
            context.Response.StatusCode = 503;
        }
        else if (known && Caller is not null)
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(Caller, PlantonJson.Default.Caller));
        }
        else
        {
            context.Response.StatusCode = 401;
            context.Response.ContentType = "application/problem+json";
            var problem = new Problem { Status = 401, Code = ErrorCode.Unauthenticated, Detail = "this API key was revoked" };
            await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(problem, PlantonJson.Default.Problem));
        }
    }
}
