namespace Planton.Runner.Providers.Kubernetes.Configuration;

/// <summary>A kubeconfig, or several merged.</summary>
internal sealed record KubeConfig
{
    public string? CurrentContext { get; init; }

    public IReadOnlyDictionary<string, KubeCluster> Clusters { get; init; } = new Dictionary<string, KubeCluster>();

    public IReadOnlyDictionary<string, KubeUser> Users { get; init; } = new Dictionary<string, KubeUser>();

    public IReadOnlyDictionary<string, KubeContext> Contexts { get; init; } = new Dictionary<string, KubeContext>();

    /// <summary>
    /// kubectl's rule: the first file that sets a value wins, and an entry of a list is one value: what a later file says about
    /// a name that an earlier one has is not mixed in.
    /// </summary>
    public static KubeConfig Merge(IEnumerable<KubeConfig> files)
    {
        string? current = null;
        var clusters = new Dictionary<string, KubeCluster>(StringComparer.Ordinal);
        var users = new Dictionary<string, KubeUser>(StringComparer.Ordinal);
        var contexts = new Dictionary<string, KubeContext>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            current ??= file.CurrentContext;
            Add(clusters, file.Clusters);
            Add(users, file.Users);
            Add(contexts, file.Contexts);
        }

        return new KubeConfig { CurrentContext = current, Clusters = clusters, Users = users, Contexts = contexts };
    }

    private static void Add<T>(Dictionary<string, T> all, IReadOnlyDictionary<string, T> more)
    {
        foreach (var (name, value) in more)
            all.TryAdd(name, value);
    }
}
