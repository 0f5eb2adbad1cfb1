using System.Net;
using System.Text;
using System.Text.Json;
using Planton.Api;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Cli.Data;
using Planton.Cli.Data.Json;

namespace Planton.Cli.Kubectl.Requests;

/// <summary>Reads an error from an answer.</summary>
internal static class KubernetesErrorReader
{
    private const string OperationCause = "operation_id";
    private const int MaxTextLength = 2048;

    public static KubernetesError Read(HttpResponseMessage response, byte[] body)
    {
        var code = Header(response, OperationHeaders.Error);
        var node = Parse(body);
        if (node?["kind"]?.Text == "Status")
            return FromStatus(node, response, code);
        if (node?["code"]?.Text is not null && JsonSerializer.Deserialize(body, PlantonJson.Default.Problem) is { } problem)
            return new KubernetesError { Message = problem.Detail, PlantonCode = problem.Code, Hint = problem.Hint, OperationId = problem.OperationId };
        return FromText(response, body, code);
    }

    private static KubernetesError FromStatus(DataNode status, HttpResponseMessage? response, string? code)
    {
        var details = status["details"];
        var reason = status["reason"]?.Text ?? "";
        var message = status["message"]?.Text ?? "unknown";
        var (detail, hint) = code is null ? (message, null) : Split(message, details);
        return new KubernetesError
        {
            Message = detail,
            Reason = reason,
            PlantonCode = code,
            Hint = hint,
            OperationId = (response is null ? null : Header(response, OperationHeaders.OperationId)) ?? (code is null ? null : OperationId(details)),
            IsUnknownPath = reason == KubernetesError.NotFoundReason && details?["name"] is null && code is null,
        };
    }

    /// <summary>
    /// A <c>Status</c> object that came as an event of a watch. It has no headers of its own, so an error of the control plane
    /// is known by its code among the causes.
    /// </summary>
    public static KubernetesError FromEvent(DataNode status) => FromStatus(
        status,
        null,
        Causes(status["details"]).Select(cause => cause["reason"]?.Text).FirstOrDefault(reason => reason is not null && ErrorStatus.ToHttpStatus(reason) != 500));

    /// <summary>The stream ended in the middle: who lost whom is known only when the control plane still said it.</summary>
    public static KubernetesError FromBrokenWatch(HttpResponseMessage response)
    {
        var code = response.TrailingHeaders.TryGetValues(OperationHeaders.Error, out var codes) ? codes.FirstOrDefault() : null;
        return code == ErrorCode.RunnerLost
            ? new KubernetesError { Message = "the tunnel to the runner broke during the watch", PlantonCode = code, Hint = "Watch again; the runner's state: planton runner list", OperationId = Header(response, OperationHeaders.OperationId) }
            : new KubernetesError
            {
                Message = "the connection to the control plane was lost during the watch, or the runner's tunnel behind it",
                PlantonCode = ErrorCode.Unavailable,
                Hint = "Watch again; whether the runner is connected: planton runner list",
                OperationId = Header(response, OperationHeaders.OperationId),
            };
    }

    /// <summary>The control plane's message is "DETAIL. HINT", and its first cause is the hint, or the detail again without one.</summary>
    private static (string Detail, string? Hint) Split(string message, DataNode? details)
    {
        var hint = Causes(details).Where(cause => cause["reason"]?.Text != OperationCause)
            .Select(cause => cause["message"]?.Text)
            .FirstOrDefault(text => text is { Length: > 0 });
        if (hint is null || hint == message)
            return (message, null);
        var tail = $". {hint}";
        return (message.EndsWith(tail, StringComparison.Ordinal) ? message[..^tail.Length] : message, hint);
    }

    private static string? OperationId(DataNode? details) =>
        Causes(details).FirstOrDefault(cause => cause["reason"]?.Text == OperationCause)?["message"]?.Text;

    private static IReadOnlyList<DataNode> Causes(DataNode? details) => details?["causes"]?.Items ?? [];

    private static KubernetesError FromText(HttpResponseMessage response, byte[] body, string? code)
    {
        var text = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, MaxTextLength))).Trim();
        var (reason, message) = response.StatusCode switch
        {
            HttpStatusCode.NotFound => (KubernetesError.NotFoundReason, "the server could not find the requested resource"),
            HttpStatusCode.Unauthorized => ("Unauthorized", "the server has asked for the client to provide credentials"),
            HttpStatusCode.Forbidden => ("Forbidden", text.Length > 0 ? text : "forbidden"),
            _ => ("InternalError", $"an error on the server (\"{text}\") has prevented the request from succeeding"),
        };
        return new KubernetesError
        {
            Message = message,
            Reason = reason,
            PlantonCode = code ?? (reason == "Unauthorized" ? ErrorCode.Unauthenticated : null),
            IsCodeGiven = code is not null,
            IsUnknownPath = reason == KubernetesError.NotFoundReason && code is null,
        };
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static DataNode? Parse(byte[] body)
    {
        try
        {
            return body.Length == 0 ? null : JsonDataReader.Read(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
