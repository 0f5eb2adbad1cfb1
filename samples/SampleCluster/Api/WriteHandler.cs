using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Api;

/// <summary>Create, update, patch and delete.</summary>
internal sealed class WriteHandler(ObjectStore store)
{
    public async Task CreateAsync(HttpContext context, ResourcePath path)
    {
        if (await RequestBody.ReadAsync(context.Request, context.RequestAborted) is not JsonObject draft)
            await context.Response.WriteStatusAsync(NotJson(context), context.RequestAborted);
        else
            await AnswerAsync(context, store.Create(path.Type, path.Namespace ?? "", draft, DryRun(context)), created: true);
    }

    public async Task UpdateAsync(HttpContext context, ResourcePath path)
    {
        if (await RequestBody.ReadAsync(context.Request, context.RequestAborted) is not JsonObject wanted)
        {
            await context.Response.WriteStatusAsync(NotJson(context), context.RequestAborted);
            return;
        }

        var version = wanted.Text("metadata", "resourceVersion");
        await AnswerAsync(context, store.Update(
            path.Type, path.Namespace ?? "", path.Name!, current => Replace(current, wanted, path.Subresource), version, DryRun(context)));
    }

    public async Task PatchAsync(HttpContext context, ResourcePath path)
    {
        var mediaType = RequestBody.MediaType(context.Request);
        var patch = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        string? fault = null;
        Func<JsonObject, JsonObject>? change = (mediaType, patch) switch
        {
            ("application/merge-patch+json", JsonObject merge) => current => ObjectPatch.Merge(current, merge, listsByName: false),
            ("application/strategic-merge-patch+json", JsonObject merge) => current => ObjectPatch.Merge(current, merge, listsByName: true),
            ("application/apply-patch+yaml", JsonObject merge) => current => ObjectPatch.Merge(current, merge, listsByName: true),
            ("application/json-patch+json", JsonArray operations) => current =>
            {
                var changed = (JsonObject)current.DeepClone();
                fault = ObjectPatch.ApplyOperations(changed, operations);
                return fault is null ? changed : current;
            },
            _ => null,
        };
        if (change is null)
        {
            await context.Response.WriteStatusAsync(
                patch is null ? NotJson(context) : ApiStatus.UnsupportedMediaType(mediaType), context.RequestAborted);
            return;
        }

        var version = (patch as JsonObject).Text("metadata", "resourceVersion");
        var result = store.Update(path.Type, path.Namespace ?? "", path.Name!, change, version, DryRun(context));
        if (fault is not null)
            result = new ApiStatus(422, "Invalid", fault);
        if (result.Error?.Code == 404 && mediaType == "application/apply-patch+yaml")
            await AnswerAsync(context, store.Create(path.Type, path.Namespace ?? "", (JsonObject)patch!, DryRun(context)), created: true);
        else
            await AnswerAsync(context, result);
    }

    public async Task DeleteAsync(HttpContext context, ResourcePath path)
    {
        var result = DryRun(context) && store.Get(path.Type, path.Namespace ?? "", path.Name!) is { } kept
            ? kept
            : store.Delete(path.Type, path.Namespace ?? "", path.Name!);
        if (result.Object is not { } gone)
        {
            await AnswerAsync(context, result);
            return;
        }

        var details = new JsonObject { ["name"] = gone.Name, ["kind"] = path.Type.Plural, ["uid"] = gone.Uid };
        if (path.Type.Group.Length > 0)
            details["group"] = path.Type.Group;
        await context.Response.WriteObjectAsync(
            new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["details"] = details },
            context.RequestAborted);
    }

    public async Task DeleteCollectionAsync(HttpContext context, ListRequest request)
    {
        var gone = store.List(request.Type, request.Selector.Namespace).Objects.Where(request.Selector.Matches).ToList();
        foreach (var stored in gone)
            store.Delete(stored.Type, stored.Namespace, stored.Name);
        await context.Response.WriteObjectAsync(
            new JsonObject
            {
                ["kind"] = request.Type.Kind + "List",
                ["apiVersion"] = request.Type.GroupVersion,
                ["metadata"] = new JsonObject(),
                ["items"] = new JsonArray([.. gone.Select(o => o.Json.DeepClone())]),
            },
            context.RequestAborted);
    }

    /// <summary>An update of <c>status</c> touches nothing else, and one of the object leaves <c>status</c> alone.</summary>
    private static JsonObject Replace(JsonObject current, JsonObject wanted, string? subresource)
    {
        if (subresource == "status")
        {
            current["status"] = wanted["status"]?.DeepClone();
            return current;
        }

        var changed = (JsonObject)wanted.DeepClone();
        if (current["status"] is { } status)
            changed["status"] = status.DeepClone();
        return changed;
    }

    private static ApiStatus NotJson(HttpContext context) => RequestBody.MediaType(context.Request) is var type && type.EndsWith("json", StringComparison.Ordinal)
        ? ApiStatus.BadRequest("the body of the request is not a JSON object")
        : ApiStatus.UnsupportedMediaType(type);

    private static bool DryRun(HttpContext context) => context.Request.Query["dryRun"] == "All";

    private static Task AnswerAsync(HttpContext context, StoreResult result, bool created = false) => result.Error is { } error
        ? context.Response.WriteStatusAsync(error, context.RequestAborted)
        : context.Response.WriteObjectAsync(result.Object!.Json, context.RequestAborted, created ? 201 : 200);
}
