using Planton.Cli.Kubectl.Requests;
using Planton.Cli.Kubectl.Resources;

namespace Planton.Cli.Kubectl.Discovery;

/// <summary>Finds resource types: the built-in ones without asking, the rest in the cluster's discovery.</summary>
internal sealed class ResourceCatalog(DiscoveryClient discovery, DiscoveryCache cache)
{
    private const string AllCategory = "all";
    private ResourceIndex? _discovered;
    private bool _fresh;

    /// <summary>The error that kept the discovery from being read, when it was tried.</summary>
    public KubernetesError? Error { get; private set; }

    /// <summary>The type that is meant; null when the cluster has none of that name.</summary>
    public async Task<KubernetesResource?> FindAsync(string typed, CancellationToken cancellationToken)
    {
        var name = ResourceName.Parse(typed);
        return FindBuiltIn(name) ?? await DiscoverAsync(name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The type in a version that the cluster has, after a built-in one turned out not to be there.</summary>
    public Task<KubernetesResource?> RediscoverAsync(string typed, CancellationToken cancellationToken) =>
        DiscoverAsync(ResourceName.Parse(typed), cancellationToken);

    /// <summary>The members of a category; null when the word is none.</summary>
    public async Task<IReadOnlyList<KubernetesResource>?> ExpandAsync(string word, CancellationToken cancellationToken)
    {
        // Custom resources join categories, so only the cluster knows their members. A word that names a type is none.
        if (word != AllCategory && (FindBuiltIn(ResourceName.Parse(word)) is not null || word.Contains('.', StringComparison.Ordinal)))
            return null;
        var members = (await LoadAsync(cancellationToken).ConfigureAwait(false))?.InCategory(word);
        return members is { Count: > 0 } ? members : null;
    }

    /// <summary>A group must be spelled out: an abbreviated one may mean another group of this cluster.</summary>
    private static KubernetesResource? FindBuiltIn(ResourceName name) =>
        BuiltInResources.Index.Find(name) is { } found && (name.Rest is null || name.Rest == found.Group || name.VersionAndGroup == (found.Version, found.Group))
            ? found
            : null;

    private async Task<KubernetesResource?> DiscoverAsync(ResourceName name, CancellationToken cancellationToken)
    {
        var found = (await LoadAsync(cancellationToken).ConfigureAwait(false))?.Find(name);
        if (found is null && !_fresh && Error is null)
        {
            // The cache may be older than the type.
            _discovered = await AskAsync(cancellationToken).ConfigureAwait(false);
            found = _discovered?.Find(name);
        }

        return found;
    }

    private async Task<ResourceIndex?> LoadAsync(CancellationToken cancellationToken) =>
        _discovered ??= cache.Load() ?? await AskAsync(cancellationToken).ConfigureAwait(false);

    private async Task<ResourceIndex?> AskAsync(CancellationToken cancellationToken)
    {
        var (resources, error) = await discovery.DiscoverAsync(cancellationToken).ConfigureAwait(false);
        Error = error;
        if (resources is null)
            return null;
        _fresh = true;
        cache.Save(resources);
        return new ResourceIndex(resources);
    }
}
