using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Discovery;

/// <summary>
/// OpenAPI v3 without schemas: just enough for kubectl to see that the server takes <c>fieldValidation</c>, whereupon it does
/// not validate on its own.
/// </summary>
internal static class OpenApiDocuments
{
    public static JsonObject Index()
    {
        var paths = new JsonObject();
        foreach (var groupVersion in ResourceTypes.All.Select(t => t.GroupVersion).Distinct())
        {
            var path = groupVersion.Contains('/', StringComparison.Ordinal) ? $"apis/{groupVersion}" : $"api/{groupVersion}";
            paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash=sample" };
        }

        return new JsonObject { ["paths"] = paths };
    }

    /// <summary>The document of one group and version; null when there is none.</summary>
    public static JsonObject? Document(string prefix, string groupVersion)
    {
        var types = ResourceTypes.All.Where(t => t.GroupVersion == groupVersion).ToList();
        if (types.Count == 0)
            return null;
        var paths = new JsonObject();
        foreach (var type in types)
        {
            var scope = type.Namespaced ? "namespaces/{namespace}/" : "";
            paths[$"/{prefix}/{groupVersion}/{scope}{type.Plural}/{{name}}"] = new JsonObject { ["patch"] = Patch(type) };
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Sample cluster (not Kubernetes)", ["version"] = ServerVersion.GitVersion },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = new JsonObject() },
        };
    }

    public static JsonObject EmptyVersion2() => new()
    {
        ["swagger"] = "2.0",
        ["info"] = new JsonObject { ["title"] = "Sample cluster (not Kubernetes)", ["version"] = ServerVersion.GitVersion },
        ["paths"] = new JsonObject(),
    };

    private static JsonObject Patch(ResourceType type) => new()
    {
        ["parameters"] = new JsonArray(Query("dryRun"), Query("fieldManager"), Query("fieldValidation"), Query("force")),
        ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
        ["x-kubernetes-action"] = "patch",
        ["x-kubernetes-group-version-kind"] = new JsonObject { ["group"] = type.Group, ["version"] = type.Version, ["kind"] = type.Kind },
    };

    private static JsonObject Query(string name) =>
        new() { ["name"] = name, ["in"] = "query", ["schema"] = new JsonObject { ["type"] = "string" } };
}
