namespace Planton.Cli.Kubectl.Resources;

/// <summary>Resource types in the order of their priority, the preferred version of each group first.</summary>
internal sealed class ResourceIndex(IReadOnlyList<KubernetesResource> resources)
{
    public IReadOnlyList<KubernetesResource> Resources { get; } = resources;

    /// <summary>The type that is meant; null when there is none.</summary>
    public KubernetesResource? Find(ResourceName name)
    {
        if (name.Rest is null)
            return Resources.FirstOrDefault(name.Names) ?? Resources.FirstOrDefault(name.Abbreviates);
        if (name.VersionAndGroup is var (version, group)
            && Match(name, resource => resource.Version == version && resource.Group == group) is { } exact)
            return exact;
        // Like kubectl: the beginning of a group's name is enough.
        return Match(name, resource => resource.Group == name.Rest)
            ?? Match(name, resource => resource.Group.StartsWith(name.Rest, StringComparison.Ordinal));
    }

    /// <summary>The types in a category such as <c>all</c>, each in its preferred version.</summary>
    public IReadOnlyList<KubernetesResource> InCategory(string category) =>
        [.. Resources.Where(resource => resource.Categories.Contains(category)).DistinctBy(resource => resource.QualifiedName)];

    private KubernetesResource? Match(ResourceName name, Func<KubernetesResource, bool> filter) =>
        Resources.FirstOrDefault(resource => filter(resource) && name.Names(resource))
        ?? Resources.FirstOrDefault(resource => filter(resource) && name.Abbreviates(resource));
}
