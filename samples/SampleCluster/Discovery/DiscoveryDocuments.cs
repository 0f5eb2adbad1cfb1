using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Discovery;

/// <summary>Tells clients which kinds there are: group by group, as every client knows it.</summary>
internal static class DiscoveryDocuments
{
    public static readonly string[] Verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    public static JsonObject Versions() => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(),
    };

    public static JsonObject Groups() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. NamedGroups().Select(Group)]),
    };

    /// <summary>One group; null when there is none of that name.</summary>
    public static JsonObject? GroupNamed(string group)
    {
        if (!NamedGroups().Contains(group))
            return null;
        var document = Group(group);
        document["kind"] = "APIGroup";
        document["apiVersion"] = "v1";
        return document;
    }

    /// <summary>The kinds of one group and version; null when there are none.</summary>
    public static JsonObject? Resources(string group, string version)
    {
        var types = ResourceTypes.All.Where(t => t.Group == group && t.Version == version).ToList();
        var resources = new JsonArray([.. types.SelectMany(Entries)]);
        if (AccessReviews.Serves(group, version))
            resources.Add(AccessReviews.DiscoveryEntry());
        if (resources.Count == 0)
            return null;
        return new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = resources,
        };
    }

    public static IEnumerable<string> NamedGroups() =>
        ResourceTypes.All.Select(t => t.Group).Where(g => g.Length > 0).Distinct().Append(AccessReviews.Group);

    private static IEnumerable<JsonObject> Entries(ResourceType type)
    {
        var entry = Entry(type, type.Plural, type.Singular, type.Kind, Verbs);
        if (type.ShortNames.Count > 0)
            entry["shortNames"] = new JsonArray([.. type.ShortNames.Select(n => JsonValue.Create(n))]);
        if (type.Categories.Count > 0)
            entry["categories"] = new JsonArray([.. type.Categories.Select(c => JsonValue.Create(c))]);
        yield return entry;
        yield return Entry(type, type.Plural + "/status", "", type.Kind, ["get", "patch", "update"]);
        foreach (var sub in type.Subresources)
            yield return Entry(type, $"{type.Plural}/{sub.Name}", "", sub.Kind, [sub.Verb]);
    }

    private static JsonObject Entry(ResourceType type, string name, string singular, string kind, IEnumerable<string> verbs) => new()
    {
        ["name"] = name,
        ["singularName"] = singular,
        ["namespaced"] = type.Namespaced,
        ["kind"] = kind,
        ["verbs"] = new JsonArray([.. verbs.Select(v => JsonValue.Create(v))]),
    };

    private static JsonObject Group(string group) => new()
    {
        ["name"] = group,
        ["versions"] = new JsonArray(VersionOf(group)),
        ["preferredVersion"] = VersionOf(group),
    };

    private static JsonObject VersionOf(string group) => new() { ["groupVersion"] = $"{group}/v1", ["version"] = "v1" };
}
