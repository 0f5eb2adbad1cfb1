using SampleCluster.Exec;
using SampleCluster.Logs;
using SampleCluster.Objects;
using SampleCluster.Watch;

namespace SampleCluster.Api;

/// <summary>Takes every request below <c>/api</c> and <c>/apis</c> that is about objects to the one that answers it.</summary>
internal sealed class ResourceRouter(
    ObjectStore store, ListHandler lists, WriteHandler writes, WatchHandler watches, LogHandler logs, ExecHandler execs)
{
    public async Task HandleAsync(HttpContext context)
    {
        var path = ResourcePath.Parse(context.Request.Path.Value ?? "");
        if (path is null)
            await context.Response.WriteStatusAsync(ApiStatus.NoSuchPath, context.RequestAborted);
        else if (path.Name is null)
            await HandleCollectionAsync(context, path);
        else if (path.Type == ResourceTypes.Pods && path.Subresource is "log" or "exec")
            await HandlePodAsync(context, path);
        else if (path.Subresource is null or "status" or "finalize")
            await HandleObjectAsync(context, path);
        else
            await context.Response.WriteStatusAsync(ApiStatus.NoSuchPath, context.RequestAborted);
    }

    private async Task HandleCollectionAsync(HttpContext context, ResourcePath path)
    {
        if (HttpMethods.IsPost(context.Request.Method) && (path.Namespace is not null || !path.Type.Namespaced))
            await writes.CreateAsync(context, path);
        else if (ListRequest.Read(context.Request, path, out var request) is { } fault)
            await context.Response.WriteStatusAsync(fault, context.RequestAborted);
        else if (HttpMethods.IsDelete(context.Request.Method))
            await writes.DeleteCollectionAsync(context, request);
        else if (!HttpMethods.IsGet(context.Request.Method))
            await context.Response.WriteStatusAsync(ApiStatus.MethodNotAllowed, context.RequestAborted);
        else if (request.Watch)
            await watches.HandleAsync(context, request);
        else
            await lists.HandleAsync(context, request);
    }

    private Task HandleObjectAsync(HttpContext context, ResourcePath path) => context.Request.Method switch
    {
        "GET" => GetAsync(context, path),
        "PUT" => writes.UpdateAsync(context, path),
        "PATCH" => writes.PatchAsync(context, path),
        "DELETE" when path.Subresource is null => writes.DeleteAsync(context, path),
        _ => context.Response.WriteStatusAsync(ApiStatus.MethodNotAllowed, context.RequestAborted),
    };

    private async Task GetAsync(HttpContext context, ResourcePath path)
    {
        if (store.Get(path.Type, path.Namespace ?? "", path.Name!) is not { } stored)
            await context.Response.WriteStatusAsync(ApiStatus.NotFound(path.Type, path.Name!), context.RequestAborted);
        else if (Accept.Form(context.Request) is var form && form == AnswerForm.None)
            await context.Response.WriteStatusAsync(ApiStatus.NotAcceptable, context.RequestAborted);
        else if (form == AnswerForm.Json)
            await context.Response.WriteObjectAsync(stored.Json, context.RequestAborted);
        else
            await context.Response.WriteObjectAsync(
                Tables.ObjectTable.Make(
                    path.Type, Tables.ObjectTable.VersionMetadata(stored.Version), [stored],
                    context.Request.Query["includeObject"].ToString(), store.Time.GetUtcNow()),
                context.RequestAborted);
    }

    private async Task HandlePodAsync(HttpContext context, ResourcePath path)
    {
        if (store.Get(path.Type, path.Namespace!, path.Name!) is not { } pod)
            await context.Response.WriteStatusAsync(ApiStatus.NotFound(path.Type, path.Name!), context.RequestAborted);
        else if (path.Subresource == "exec")
            await execs.HandleAsync(context, pod);
        else
            await logs.HandleAsync(context, pod);
    }
}
