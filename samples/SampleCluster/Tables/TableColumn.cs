using System.Text.Json.Nodes;

namespace SampleCluster.Tables;

/// <summary>One column of a kind's table.</summary>
/// <param name="Name">Its heading; clients write it in capitals.</param>
/// <param name="Type">OpenAPI's <c>string</c> or <c>integer</c>.</param>
/// <param name="Priority">0 always shows; 1 shows with <c>-o wide</c>.</param>
/// <param name="Cell">The value for one object at one time.</param>
internal sealed record TableColumn(string Name, string Type, int Priority, Func<JsonObject, DateTimeOffset, JsonNode?> Cell)
{
    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["type"] = Type,
        ["format"] = Name == "Name" ? "name" : "",
        ["description"] = "",
        ["priority"] = Priority,
    };
}
