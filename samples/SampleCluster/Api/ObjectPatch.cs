using System.Globalization;
using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Api;

/// <summary>
/// The ways to change a part of an object. Strategic merge (and server-side apply) are an approximation: maps merge, lists of
/// objects that have a <c>name</c> merge by it, every other list is replaced.
/// </summary>
internal static class ObjectPatch
{
    public static JsonObject Merge(JsonObject target, JsonObject patch, bool listsByName)
    {
        foreach (var (name, change) in patch)
        {
            if (listsByName && name.StartsWith('$'))
                continue;
            if (change is null)
                target.Remove(name);
            else if (change is JsonObject childPatch)
                target[name] = Merge(target[name] is JsonObject child ? (JsonObject)child.DeepClone() : [], childPatch, listsByName);
            else if (listsByName && change is JsonArray items && target[name] is JsonArray existing && ByName(items) && ByName(existing))
                target[name] = MergeByName(existing, items);
            else
                target[name] = change.DeepClone();
        }

        return target;
    }

    /// <summary>Applies a JSON Patch (RFC 6902) in place; what is wrong with it otherwise.</summary>
    public static string? ApplyOperations(JsonObject target, JsonArray operations)
    {
        foreach (var operation in operations.OfType<JsonObject>())
        {
            var segments = (operation.Text("path") ?? "").Split('/').Skip(1).Select(s => s.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToArray();
            var parent = segments.SkipLast(1).Aggregate((JsonNode?)target, Step);
            if (segments.Length == 0 || !ApplyOne(operation, parent, segments[^1]))
                return $"the server rejected our request due to an error in our request: {operation.Text("op")} {operation.Text("path")}";
        }

        return null;
    }

    private static bool ApplyOne(JsonObject operation, JsonNode? parent, string last)
    {
        var value = operation["value"]?.DeepClone();
        switch (operation.Text("op"), parent)
        {
            case ("test", _):
                return JsonNode.DeepEquals(Step(parent, last), value);
            case ("add", JsonObject members):
            case ("replace", JsonObject existing) when existing.ContainsKey(last):
                ((JsonObject)parent!)[last] = value;
                return true;
            case ("remove", JsonObject members):
                return members.Remove(last);
            case ("add", JsonArray items) when last == "-":
                items.Add(value);
                return true;
            case ("add", JsonArray items) when Index(last, items.Count + 1) is { } at:
                items.Insert(at, value);
                return true;
            case ("replace", JsonArray items) when Index(last, items.Count) is { } at:
                items[at] = value;
                return true;
            case ("remove", JsonArray items) when Index(last, items.Count) is { } at:
                items.RemoveAt(at);
                return true;
            default:
                return false;
        }
    }

    private static JsonNode? Step(JsonNode? node, string segment) => node switch
    {
        JsonObject members => members[segment],
        JsonArray items => Index(segment, items.Count) is { } at ? items[at] : null,
        _ => null,
    };

    private static int? Index(string segment, int count) =>
        int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < count ? at : null;

    private static bool ByName(JsonArray items) => items.Count > 0 && items.All(i => i.Text("name") is not null);

    private static JsonArray MergeByName(JsonArray existing, JsonArray patch)
    {
        var merged = existing.Select(i => (JsonObject)i!.DeepClone()).ToList();
        foreach (var item in patch.OfType<JsonObject>())
        {
            var at = merged.FindIndex(m => m.Text("name") == item.Text("name"));
            if (item.Text("$patch") == "delete")
                merged.RemoveAll(m => m.Text("name") == item.Text("name"));
            else if (at >= 0)
                Merge(merged[at], item, listsByName: true);
            else
                merged.Add(Merge([], item, listsByName: true));
        }

        return new JsonArray([.. merged]);
    }
}
