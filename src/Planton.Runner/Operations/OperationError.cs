using Planton.Api.Errors;
using Planton.Api.Operations;

namespace Planton.Runner.Operations;

/// <summary>Answers for the runner itself, in headers: the gateway makes of them what the client understands.</summary>
internal static class OperationError
{
    private const int MaxDetail = 1500;

    public static void Write(HttpContext context, OperationRefusal refusal, OperationTiming? timing = null)
    {
        var response = context.Response;
        if (response.HasStarted)
            return;
        response.Clear();
        response.StatusCode = ErrorStatus.ToHttpStatus(refusal.Code);
        response.Headers[OperationHeaders.Error] = refusal.Code;
        var detail = refusal.Detail.Length > MaxDetail ? refusal.Detail[..MaxDetail] + "…" : refusal.Detail;
        response.Headers[OperationHeaders.ErrorDetail] = Uri.EscapeDataString(detail);
        if (refusal.AtTarget)
            response.Headers[OperationHeaders.ErrorStage] = OperationHeaders.TargetStage;
        timing?.Write(response.Headers);
        response.ContentLength = 0;
    }
}
