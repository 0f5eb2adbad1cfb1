using Planton.Cli.Data;
using Planton.Cli.Kubectl.Resources;

namespace Planton.Cli.Kubectl.Discovery;

/// <summary>Reads an <c>APIGroupDiscoveryList</c>, which has every group in one answer.</summary>
internal static class AggregatedDiscovery
{
    /// <summary>The types, those of the preferred version of every group first.</summary>
    public static IEnumerable<KubernetesResource> Read(DataNode list)
    {
        var groups = (list["items"]?.Items ?? []).Select(group => (
            Name: group["metadata"]?["name"]?.Text ?? "",
            Versions: group["versions"]?.Items ?? [])).ToArray();
        var preferred = groups.SelectMany(group => group.Versions.Take(1).SelectMany(version => ReadVersion(group.Name, version)));
        var others = groups.SelectMany(group => group.Versions.Skip(1).SelectMany(version => ReadVersion(group.Name, version)));
        return preferred.Concat(others);
    }

    private static IEnumerable<KubernetesResource> ReadVersion(string groupName, DataNode version) =>
        from resource in version["resources"]?.Items ?? []
        let kind = resource["responseKind"]?["kind"]?.Text ?? ""
        select new KubernetesResource
        {
            Name = resource["resource"]?.Text ?? "",
            Singular = resource["singularResource"]?.Text is { Length: > 0 } singular ? singular : kind.ToLowerInvariant(),
            Kind = kind,
            Group = groupName,
            Version = version["version"]?.Text ?? "",
            Namespaced = resource["scope"]?.Text == "Namespaced",
            ShortNames = GroupVersion.Texts(resource["shortNames"]),
            Categories = GroupVersion.Texts(resource["categories"]),
        };
}
