using System.Text.Json.Nodes;

namespace SampleCluster.Discovery;

/// <summary><c>kubectl auth can-i</c>: whoever has the token may do everything here.</summary>
internal static class AccessReviews
{
    public const string Group = "authorization.k8s.io";
    public const string Path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    private const string Kind = "SelfSubjectAccessReview";

    public static bool Serves(string group, string version) => group == Group && version == "v1";

    public static JsonObject DiscoveryEntry() => new()
    {
        ["name"] = "selfsubjectaccessreviews",
        ["singularName"] = "selfsubjectaccessreview",
        ["namespaced"] = false,
        ["kind"] = Kind,
        ["verbs"] = new JsonArray("create"),
    };

    public static JsonObject AggregatedEntry() => new()
    {
        ["resource"] = "selfsubjectaccessreviews",
        ["responseKind"] = AggregatedDiscovery.KindOf(Group, "v1", Kind),
        ["scope"] = "Cluster",
        ["singularResource"] = "selfsubjectaccessreview",
        ["verbs"] = new JsonArray("create"),
    };

    public static JsonObject Allow(JsonObject review) => new()
    {
        ["kind"] = Kind,
        ["apiVersion"] = $"{Group}/v1",
        ["metadata"] = new JsonObject(),
        ["spec"] = review["spec"]?.DeepClone(),
        ["status"] = new JsonObject { ["allowed"] = true, ["reason"] = "the sample cluster allows everything to whoever has its token" },
    };
}
