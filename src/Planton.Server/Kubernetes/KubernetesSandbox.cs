namespace Planton.Server.Kubernetes;

/// <summary>
/// Targets' responses come from the control plane's own origin. A browser that shows one must not take a page of it for one of ours.
/// </summary>
internal static class KubernetesSandbox
{
    /// <summary>Every response below <see cref="KubernetesPath.Root"/>, the errors too.</summary>
    public static void UseKubernetesSandbox(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Path.StartsWithSegments(KubernetesPath.Root, StringComparison.OrdinalIgnoreCase))
            context.Response.OnStarting(AddAsync, context.Response);
        return next(context);
    });

    private static Task AddAsync(object response)
    {
        var headers = ((HttpResponse)response).Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox";
        return Task.CompletedTask;
    }
}
