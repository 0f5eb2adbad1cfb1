using Microsoft.AspNetCore.Http.Features;
using Planton.Api.Errors;
using Planton.Api.Operations;

namespace Planton.Runner.Operations;

/// <summary>The one entrance of operations: checks that the runner is open and that the operation is for it, then forwards.</summary>
internal sealed partial class OperationHandler(
    OperationsGate gate, OperationScope scope, KubernetesForwarder forwarder, TimeProvider time, ILogger<OperationHandler> logger)
{
    private const int MaxIdLength = 64;

    public async Task HandleAsync(HttpContext context)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var timing = new OperationTiming(time);
        var refusal = await RunAsync(context, raw, timing);
        if (refusal is not null)
            OperationError.Write(context, refusal, timing);
        if (!logger.IsEnabled(refusal is null ? LogLevel.Debug : LogLevel.Warning))
            return;
        var (id, path) = (Id(context), raw.Split('?')[0]);
        var milliseconds = timing.Elapsed.TotalMilliseconds;
        if (refusal is null)
            LogDone(id, context.Request.Method, path, context.Response.StatusCode, milliseconds);
        else
            LogRefused(id, context.Request.Method, path, refusal.Code, refusal.Detail);
    }

    private async Task<OperationRefusal?> RunAsync(HttpContext context, string raw, OperationTiming timing)
    {
        if (!OperationTarget.IsKubernetes(raw))
            return new OperationRefusal(ErrorCode.NotFound, "this runner has no such operation");
        if (!gate.IsOpen)
            return new OperationRefusal(ErrorCode.Unavailable, "the runner is starting: it has not yet authenticated with the control plane");
        if (scope.Check(context.Request.Headers) is { } foreign)
            return foreign;
        return OperationInput.Take(context.Request.Headers, out var refusal) is { } input
            ? await forwarder.ForwardAsync(context, raw, input, timing)
            : refusal;
    }

    private static string Id(HttpContext context)
    {
        var id = context.Request.Headers[OperationHeaders.OperationId].ToString();
        return id.Length <= MaxIdLength ? id : id[..MaxIdLength];
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Operation {Id}: {Method} {Path} answered {Status} in {Milliseconds:0.0} ms")]
    private partial void LogDone(string id, string method, string path, int status, double milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Operation {Id}: {Method} {Path} not done ({Code}): {Detail}")]
    private partial void LogRefused(string id, string method, string path, string code, string detail);
}
