namespace SampleCluster.Api;

/// <summary>Reads <c>Accept</c> headers with Kubernetes' parameters.</summary>
internal static class Accept
{
    public static AnswerForm Form(HttpRequest request)
    {
        var ranges = Ranges(request);
        if (ranges.Count == 0)
            return AnswerForm.Json;
        foreach (var (mediaType, parameters) in ranges)
        {
            if (mediaType is not ("application/json" or "application/*" or "*/*"))
                continue;
            if (!parameters.TryGetValue("as", out var form))
                return AnswerForm.Json;
            if (form == "Table" && parameters.GetValueOrDefault("v") is "v1" or null)
                return AnswerForm.Table;
        }

        return AnswerForm.None;
    }

    /// <summary>The first version of aggregated discovery that the client takes and there is: <c>v2</c>, <c>v2beta1</c> or none.</summary>
    public static string? AggregatedDiscoveryVersion(HttpRequest request) => Ranges(request)
        .Where(r => r.MediaType == "application/json" && r.Parameters.GetValueOrDefault("as") == "APIGroupDiscoveryList")
        .Select(r => r.Parameters.GetValueOrDefault("v"))
        .FirstOrDefault(v => v is "v2" or "v2beta1");

    private static List<(string MediaType, Dictionary<string, string> Parameters)> Ranges(HttpRequest request) =>
        [.. request.Headers.Accept.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Range)];

    private static (string MediaType, Dictionary<string, string> Parameters) Range(string text)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        var parameters = parts.Skip(1).Select(p => p.Split('=', 2)).Where(p => p.Length == 2).GroupBy(p => p[0]).ToDictionary(g => g.Key, g => g.First()[1]);
        return (parts[0], parameters);
    }
}
