using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Planton.Api.Operations;

namespace Planton.Cli.Tests.Support;

/// <summary>Answers of a cluster behind the connection <c>prod</c> of the organization <c>acme</c>.</summary>
internal static class KubernetesAnswers
{
    public const string Root = "/kubernetes/acme/prod";
    public const string Pods = $"{Root}/api/v1/namespaces/default/pods";
    public const string EmptyTable = """{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"7"},"columnDefinitions":[],"rows":[]}""";

    /// <summary>A table of one column.</summary>
    public static string Table(params IReadOnlyList<string> names) => Page("", names);

    /// <summary>A page that another one follows.</summary>
    public static string Page(string next, params IReadOnlyList<string> names) =>
        """{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"7","continue":NEXT},"columnDefinitions":[{"name":"Name","type":"string","format":"name","priority":0}],"rows":[ROWS]}"""
            .Replace("NEXT", Quote(next), StringComparison.Ordinal)
            .Replace("ROWS", string.Join(',', names.Select(name => "{\"cells\":[" + Quote(name) + "]}")), StringComparison.Ordinal);

    public static string PodList(string next, params IReadOnlyList<string> names) =>
        """{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":NEXT},"items":[ITEMS]}"""
            .Replace("NEXT", Quote(next), StringComparison.Ordinal)
            .Replace("ITEMS", string.Join(',', names.Select(name => "{\"metadata\":{\"name\":" + Quote(name) + "}}")), StringComparison.Ordinal);

    public static string Pod(string name, string phase = "Running") =>
        """{"apiVersion":"v1","kind":"Pod","metadata":{"name":NAME,"managedFields":[{"manager":"x"}]},"status":{"phase":PHASE}}"""
            .Replace("NAME", Quote(name), StringComparison.Ordinal)
            .Replace("PHASE", Quote(phase), StringComparison.Ordinal);

    public static string Status(string reason, string message) =>
        """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":REASON,"message":MESSAGE}"""
            .Replace("REASON", Quote(reason), StringComparison.Ordinal)
            .Replace("MESSAGE", Quote(message), StringComparison.Ordinal);

    /// <summary>An error of the control plane, in the form in which it tells Kubernetes clients.</summary>
    public static Task WriteRefusal(this HttpResponse response, string code, int status, string detail, string? hint)
    {
        response.Headers[OperationHeaders.Error] = code;
        response.Headers[OperationHeaders.OperationId] = "op-7";
        var message = hint is null ? detail : $"{detail}. {hint}";
        return response.WriteAsJson(
            """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"ServiceUnavailable","message":MESSAGE,"details":{"causes":[{"reason":CODE,"message":HINT},{"reason":"operation_id","message":"op-7"}]}}"""
                .Replace("MESSAGE", Quote(message), StringComparison.Ordinal)
                .Replace("CODE", Quote(code), StringComparison.Ordinal)
                .Replace("HINT", Quote(hint ?? detail), StringComparison.Ordinal),
            status);
    }

    public static async Task WriteEvent(this HttpResponse response, string type, string json)
    {
        await response.WriteAsync($$"""{"type":"{{type}}","object":{{json}}}""" + "\n", response.HttpContext.RequestAborted);
        await response.Body.FlushAsync(response.HttpContext.RequestAborted);
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
