using System.Text.Json.Nodes;

namespace Planton.Server.Tests.Fuzzing;

/// <summary>One operation as <c>/openapi/v1.json</c> describes it.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="InPath">The parameters of the path.</param>
/// <param name="InQuery">The parameters of the query.</param>
/// <param name="Body">A valid body, in which <see cref="Usual"/> and <see cref="Fresh"/> stand for names; null when it takes none.</param>
internal sealed record DescribedOperation(string Method, string Path, IReadOnlyList<string> InPath, IReadOnlyList<string> InQuery, JsonNode? Body)
{
    /// <summary>Stands for the name of an object that exists.</summary>
    public const string Usual = "usual";

    /// <summary>Stands for the name of the test's organization.</summary>
    public const string OrganizationName = "the-organization";

    /// <summary>Stands for a name that is not taken.</summary>
    public const string Fresh = "fresh";

    private const int MaxDepth = 6;

    /// <summary>What the document cannot say: the values of fields that not every text is valid for.</summary>
    private static readonly Dictionary<string, Func<JsonNode?>> Values = new(StringComparer.Ordinal)
    {
        ["name"] = () => Fresh,
        ["kind"] = () => "kubernetes",
        ["authMode"] = () => "runner",
        ["role"] = () => "viewer",
        ["organization"] = () => OrganizationName,
        ["mode"] = () => "runner",
        // Each time another: the same grant twice is refused.
        ["kubeContexts"] = () => new JsonArray(Fresh),
        // For the other mode.
        ["allowCidrs"] = () => null,
        ["references"] = () => new JsonArray($"$var/{Usual}", $"$secret/{Usual}"),
        ["expiresInSeconds"] = () => 3_600,
        ["validForSeconds"] = () => 86_400,
        // For connections with credentials of their own.
        ["kubeconfig"] = () => null,
    };

    /// <summary>Everything that the document describes.</summary>
    public static IReadOnlyList<DescribedOperation> ReadAll(JsonNode document) =>
    [
        .. from path in document["paths"]!.AsObject()
           from operation in path.Value!.AsObject()
           where operation.Value is JsonObject
           select Read(document, path.Key, operation.Key, operation.Value!.AsObject()),
    ];

    public override string ToString() => $"{Method} {Path}";

    /// <summary>The address, with a value for each parameter of the path, and for those of the query that have one.</summary>
    public string Address(Func<string, string?> value)
    {
        var path = InPath.Aggregate(Path, (text, name) => text.Replace($"{{{name}}}", value(name), StringComparison.Ordinal));
        var query = string.Join('&', InQuery.Where(name => value(name) is not null).Select(name => $"{name}={value(name)}"));
        return path.TrimStart('/') + (query.Length > 0 ? $"?{query}" : "");
    }

    private static DescribedOperation Read(JsonNode document, string path, string method, JsonObject operation)
    {
        var parameters = operation["parameters"]?.AsArray().Select(p => (Name: (string)p!["name"]!, In: (string)p["in"]!)).ToList() ?? [];
        // A route's parameters are in its path, described or not.
        var inPath = path.Split('{').Skip(1).Select(part => part[..part.IndexOf('}', StringComparison.Ordinal)]);
        var schema = operation["requestBody"]?["content"]?["application/json"]?["schema"];
        return new DescribedOperation(
            method.ToUpperInvariant(), path, [.. inPath], [.. parameters.Where(p => p.In == "query").Select(p => p.Name)],
            schema is null ? null : Example(document, schema, 0));
    }

    private static JsonNode? Example(JsonNode document, JsonNode schema, int depth)
    {
        if (depth > MaxDepth)
            return null;
        if (schema["$ref"] is { } reference)
            return Example(document, document["components"]!["schemas"]![((string)reference!).Split('/')[^1]]!, depth);
        if ((schema["oneOf"] ?? schema["anyOf"] ?? schema["allOf"]) is JsonArray choices)
            return Example(document, choices.First(choice => (string?)choice!["type"] != "null")!, depth);
        var type = schema["type"] is JsonArray types ? types.Select(t => (string?)t).FirstOrDefault(t => t != "null") : (string?)schema["type"];
        return type switch
        {
            "object" when schema["properties"] is JsonObject properties => OfProperties(document, properties, depth),
            "object" => new JsonObject { ["key"] = schema["additionalProperties"] is JsonObject value ? Example(document, value, depth + 1) : "value" },
            "array" => new JsonArray(Example(document, schema["items"]!, depth + 1)),
            "boolean" => true,
            "integer" or "number" => 1,
            _ => Usual,
        };
    }

    private static JsonObject OfProperties(JsonNode document, JsonObject properties, int depth)
    {
        var example = new JsonObject(properties.Select(p => KeyValuePair.Create(
            p.Key, Values.TryGetValue(p.Key, out var value) ? value() : Example(document, p.Value!, depth + 1))));
        // One of the two, and not both.
        if (example.ContainsKey("value") && example.ContainsKey("values"))
            example["value"] = null;
        return example;
    }
}
