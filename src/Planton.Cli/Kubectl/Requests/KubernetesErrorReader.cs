using System.Net;
using System.Text;
using System.Text.Json;
using Planton.Api;
using Planton.Api.Errors;
using Planton.Cli.Data;
using Planton.Cli.Data.Json;

namespace Planton.Cli.Kubectl.Requests;

/// <summary>Reads an error from an answer.</summary>
internal static class KubernetesErrorReader
{
    public const string CodeHeader = "Planton-Error";
    private const string OperationHeader = "Planton-Operation";
    private const int MaxTextLength = 2048;

    public static KubernetesError Read(HttpResponseMessage response, byte[] body)
    {
        var code = Header(response, CodeHeader);
        var node = Parse(body);
        if (node?["kind"]?.Text == "Status")
            return FromStatus(node, response, code);
        if (node?["code"]?.Text is not null && JsonSerializer.Deserialize(body, PlantonJson.Default.Problem) is { } problem)
            return new KubernetesError { Message = problem.Detail, PlantonCode = problem.Code, Hint = problem.Hint, OperationId = problem.OperationId };
        return FromText(response, body, code);
    }

    /// <summary>A <c>Status</c> object that came as an event of a watch.</summary>
    public static KubernetesError FromStatus(DataNode status, HttpResponseMessage? response, string? code)
    {
        var details = status["details"];
        var reason = status["reason"]?.Text ?? "";
        return new KubernetesError
        {
            Message = status["message"]?.Text ?? "unknown",
            Reason = reason,
            PlantonCode = code,
            Hint = code is null ? null : Hint(details),
            OperationId = response is null ? null : Header(response, OperationHeader),
            IsUnknownPath = reason == KubernetesError.NotFoundReason && details?["name"] is null && code is null,
        };
    }

    private static string? Hint(DataNode? details) =>
        details?["causes"]?.Items.Select(cause => cause["message"]?.Text).FirstOrDefault(message => message is { Length: > 0 });

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
