using System.Text.Json;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.Kubernetes;

/// <summary>Errors of ours as Kubernetes' own <c>Status</c> objects, so that its clients print them well.</summary>
internal sealed class KubernetesStatusFormat : IErrorFormat
{
    public static KubernetesStatusFormat Instance { get; } = new();

    public Task WriteAsync(HttpContext context, Error error)
    {
        var status = ToStatus(error, context.GetOperationId());
        context.Response.StatusCode = status.Code;
        context.Response.ContentType = "application/json";
        context.Response.Headers[OperationHeaders.Error] = error.Code;
        context.Response.Headers.CacheControl = "no-cache, private";
        return JsonSerializer.SerializeAsync(context.Response.Body, status, KubernetesJson.Default.KubernetesStatus, context.RequestAborted);
    }

    public static KubernetesStatus ToStatus(Error error, string operationId) => new()
    {
        Message = error.Hint is null ? error.Detail : $"{error.Detail}. {error.Hint}",
        Reason = Reason(error.Code),
        Code = ErrorStatus.ToHttpStatus(error.Code),
        Details = new KubernetesStatusDetails
        {
            Causes = [new KubernetesStatusCause(error.Code, error.Hint ?? error.Detail), new KubernetesStatusCause("operation_id", operationId)],
            RetryAfterSeconds = error.RetryAfterSeconds,
        },
    };

    // The reasons that clients know: k8s.io/apimachinery, pkg/apis/meta/v1/types.go, StatusReason.
    private static string Reason(string code) => ErrorStatus.ToHttpStatus(code) switch
    {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        409 => "Conflict",
        429 => "TooManyRequests",
        502 or 503 => "ServiceUnavailable",
        _ => "InternalError",
    };
}
