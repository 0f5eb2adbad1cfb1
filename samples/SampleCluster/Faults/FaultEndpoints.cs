using System.Text.Json;
using System.Text.Json.Nodes;
using SampleCluster.Api;

namespace SampleCluster.Faults;

/// <summary><c>/sample/faults</c>: GET shows the plan, POST replaces it, DELETE clears it.</summary>
internal static class FaultEndpoints
{
    public const string Path = "/sample/faults";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static void MapFaults(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (HttpContext context, FaultInjector faults) => WriteAsync(context, faults.Plan));
        routes.MapPost(Path, SetAsync);
        routes.MapDelete(Path, (HttpContext context, FaultInjector faults) =>
        {
            faults.Set(new FaultPlan());
            return WriteAsync(context, faults.Plan);
        });
    }

    private static async Task SetAsync(HttpContext context, FaultInjector faults)
    {
        var plan = await ReadAsync(context);
        var fault = plan is null ? "the body is not a fault plan in JSON" : plan.Fault;
        if (fault is not null)
        {
            await context.Response.WriteStatusAsync(ApiStatus.BadRequest(fault), context.RequestAborted);
            return;
        }

        faults.Set(plan!);
        await WriteAsync(context, plan!);
    }

    private static async Task<FaultPlan?> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<FaultPlan>(context.Request.Body, Json, context.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task WriteAsync(HttpContext context, FaultPlan plan)
    {
        var json = (JsonObject)JsonSerializer.SerializeToNode(plan, Json)!;
        json.Remove("fault");
        return context.Response.WriteObjectAsync(json, context.RequestAborted);
    }
}
