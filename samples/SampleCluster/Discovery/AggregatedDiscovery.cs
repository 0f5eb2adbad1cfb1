using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Discovery;

/// <summary>The same as <see cref="DiscoveryDocuments"/> in one answer, for clients that ask for it (kubectl 1.27 and newer).</summary>
internal static class AggregatedDiscovery
{
    public static string ContentType(string version) => $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList";

    /// <param name="version"><c>v2</c> or <c>v2beta1</c>, which look the same.</param>
    /// <param name="legacy">True for <c>/api</c>, false for <c>/apis</c>.</param>
    public static JsonObject Document(string version, bool legacy) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = $"apidiscovery.k8s.io/{version}",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. (legacy ? [""] : DiscoveryDocuments.NamedGroups()).Select(Group)]),
    };

    private static JsonObject Group(string group)
    {
        var resources = ResourceTypes.All.Where(t => t.Group == group).Select(Resource);
        if (group == AccessReviews.Group)
            resources = [AccessReviews.AggregatedEntry()];
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = group.Length == 0 ? null : group },
            ["versions"] = new JsonArray(new JsonObject
            {
                ["version"] = "v1",
                ["resources"] = new JsonArray([.. resources]),
                ["freshness"] = "Current",
            }),
        };
    }

    private static JsonObject Resource(ResourceType type)
    {
        var resource = new JsonObject
        {
            ["resource"] = type.Plural,
            ["responseKind"] = KindOf(type.Group, type.Version, type.Kind),
            ["scope"] = type.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = type.Singular,
            ["verbs"] = Strings(DiscoveryDocuments.Verbs),
            ["subresources"] = new JsonArray([.. type.Subresources.Select(sub => new JsonObject
            {
                ["subresource"] = sub.Name,
                ["responseKind"] = KindOf(type.Group, type.Version, sub.Kind),
                ["verbs"] = Strings([sub.Verb]),
            })]),
        };
        if (type.ShortNames.Count > 0)
            resource["shortNames"] = Strings(type.ShortNames);
        if (type.Categories.Count > 0)
            resource["categories"] = Strings(type.Categories);
        return resource;
    }

    public static JsonObject KindOf(string group, string version, string kind) => new() { ["group"] = group, ["version"] = version, ["kind"] = kind };

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(v => JsonValue.Create(v))]);
}
