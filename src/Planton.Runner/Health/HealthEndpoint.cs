namespace Planton.Runner.Health;

/// <summary>The only thing that the runner's own listener serves.</summary>
internal sealed class HealthEndpoint(TunnelProbe probe, CertificateHealth certificate)
{
    public async Task HandleAsync(HttpContext context)
    {
        var (status, text) = context.Request.Path.Value switch
        {
            _ when !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) => (405, "GET only"),
            "/healthz/live" => (200, "ok"),
            "/healthz/ready" => await probe.CheckAsync(context.RequestAborted) is { } fault ? (503, fault) : (200, "ok"),
            "/healthz/certificate" => certificate.Describe(),
            _ => (404, "there are /healthz/live, /healthz/ready and /healthz/certificate"),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
