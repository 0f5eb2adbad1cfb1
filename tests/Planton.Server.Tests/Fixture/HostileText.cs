using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Planton.Api;
using Planton.Server.Hosting;

namespace Planton.Server.Tests.Fixture;

/// <summary>What nobody in his right mind sends, and what must be answered to it.</summary>
internal static class HostileText
{
    public static readonly string[] Pieces =
    [
        "", " ", ".", "..", "../..", "%00", "%2e%2e", "%2F", "a/b", "a\\b", "a%b", "null", "undefined", "-1", "0", "NaN", "''", "' OR 1=1 --",
        "\"", "`id`", "$(id)", "${jndi:x}", "<script>", "\u0000", "\u0007", "\u202Eadmin", "ﬀ", "é", "е", "İ", "😀", "\uD800", "a\r\nX: y", "a\tb",
        "*", "?", "#", ";", "%", "_", "%%", "default;drop table users", "DEFAULT", "default ", new string('a', 63), new string('a', 64),
        new string('a', 1_000), new string('-', 10), "-a", "a-", "a--b", "1", "con", "__proto__", "planton", "pck_",
    ];

    /// <summary>As a part of a path or a query; half a character is no text that could be written there.</summary>
    public static string Escape(string piece) => Uri.EscapeDataString(Whole(piece));

    /// <summary>As a value in JSON.</summary>
    public static string Json(string piece) => JsonSerializer.Serialize(Whole(piece));

    /// <summary>The answer is one of ours and no 500, and says what is wrong.</summary>
    public static async Task AssertOursAsync(HttpResponseMessage response, string what)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode < HttpStatusCode.InternalServerError || response.StatusCode == HttpStatusCode.ServiceUnavailable, $"{what}: {response.StatusCode} {text}");
        if (response.IsSuccessStatusCode)
            return;
        var isOurs = response.Headers.Contains(OperationId.HeaderName);
        // What HTTP itself forbids, such as a zero byte in a path, is refused before anything of ours sees it.
        if (!isOurs && response.StatusCode == HttpStatusCode.BadRequest && text.Length == 0)
            return;
        Assert.True(isOurs, $"{what}: {response.StatusCode} without an operation id");
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            // Clients of Kubernetes expect its own form.
            Assert.True(response.RequestMessage!.RequestUri!.AbsolutePath.StartsWith("/kubernetes/", StringComparison.Ordinal), $"{what}: {response.StatusCode} {response.Content.Headers.ContentType} {text}");
            var status = JsonNode.Parse(text)!;
            Assert.Equal(("Status", (int)response.StatusCode), ((string?)status["kind"], (int?)status["code"]));
            Assert.NotEmpty((string?)status["message"] ?? "");
            return;
        }

        var problem = JsonSerializer.Deserialize(text, PlantonJson.Default.Problem)!;
        Assert.Equal((int)response.StatusCode, problem.Status);
        Assert.NotEmpty(problem.Detail);
    }

    private static string Whole(string piece) => piece.Replace("\uD800", "\uFFFD", StringComparison.Ordinal);
}
