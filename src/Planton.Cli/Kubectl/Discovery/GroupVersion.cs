using Planton.Cli.Data;
using Planton.Cli.Kubectl.Resources;

namespace Planton.Cli.Kubectl.Discovery;

/// <summary>One version of one API group.</summary>
internal sealed record GroupVersion(string Group, string Version)
{
    public string Path => Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";

    /// <summary>The types of an <c>APIResourceList</c> that can be listed or read.</summary>
    public IEnumerable<KubernetesResource> ReadResources(DataNode list) =>
        from resource in list["resources"]?.Items ?? []
        let name = resource["name"]?.Text ?? ""
        where !name.Contains('/', StringComparison.Ordinal)
        let kind = resource["kind"]?.Text ?? ""
        select new KubernetesResource
        {
            Name = name,
            Singular = resource["singularName"]?.Text is { Length: > 0 } singular ? singular : kind.ToLowerInvariant(),
            Kind = kind,
            Group = Group,
            Version = Version,
            Namespaced = resource["namespaced"] is DataBool { Value: true },
            ShortNames = Texts(resource["shortNames"]),
            Categories = Texts(resource["categories"]),
        };

    public static string[] Texts(DataNode? list) => [.. list?.Items.Select(item => item.Text ?? "") ?? []];
}
