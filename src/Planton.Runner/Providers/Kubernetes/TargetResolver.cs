using Planton.Runner.Network;
using Planton.Runner.Providers.Kubernetes.Configuration;
using Planton.Runner.Providers.Kubernetes.References;

namespace Planton.Runner.Providers.Kubernetes;

/// <summary>From a context's name to what is known about that cluster, as the files are now.</summary>
internal sealed class TargetResolver(KubernetesOptions options, Func<string, string?> environment, TimeProvider time)
{
    private readonly KubeLocator _locator = new(options, environment);
    private readonly KubeConfigSource _source = new(options, time);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Where the configuration comes from, for a log line at start; null when there is none (yet).</summary>
    public string? Origin => _locator.Locate().Value?.Origin;

    public TargetAttempt<TargetSource> Resolve(string? context)
    {
        var located = _locator.Locate();
        if (located.Fault is { } nowhere)
            return nowhere;
        var location = located.Value!;
        if (location.InCluster is not null && context is not null)
        {
            return new NetworkFault(NetworkStage.Configuration,
                $"the connection names the context '{context}', and the runner uses its pod's service account, which has no contexts",
                "Remove the context from the connection, or give the runner a kubeconfig");
        }

        KubeConfig? config = null;
        if (location.InCluster is null)
        {
            var read = _source.Get(location);
            if (read.Fault is { } unreadable)
                return unreadable;
            config = read.Value!;
        }

        lock (_gate)
        {
            var key = context ?? "";
            if (_entries.TryGetValue(key, out var entry) && ReferenceEquals(entry.Config, config) && !entry.Files.Changed())
                return entry.Source;
            var files = config is null
                ? [Path.Combine(options.ServiceAccountFolder, "ca.crt")]
                : TargetDefinitionBuilder.Files(config, context);
            var watched = new WatchedFiles(files, time, options.FileCheckInterval);
            var made = Make(location, config, context);
            // What is wrong is looked at anew each time, and names that do not exist take no memory.
            if (made.Value is { } source)
                _entries[key] = new Entry(config, watched, source);
            else
                _entries.Remove(key);
            return made;
        }
    }

    private TargetAttempt<TargetSource> Make(KubeLocation location, KubeConfig? config, string? context)
    {
        if (config is null)
            return Known(TargetDefinitionBuilder.FromServiceAccount(location, options.ServiceAccountFolder));
        var selected = TargetDefinitionBuilder.Select(config, context);
        if (selected.Fault is { } fault)
            return fault;
        return SelectionReferences.Of(selected.Value!).Count > 0
            ? new TargetSource(null, selected.Value)
            : Known(TargetDefinitionBuilder.Build(selected.Value!));
    }

    private static TargetAttempt<TargetSource> Known(TargetAttempt<TargetDefinition> made) =>
        made.Fault is { } fault ? fault : new TargetSource(made.Value, null);

    private sealed record Entry(KubeConfig? Config, WatchedFiles Files, TargetSource Source);
}
