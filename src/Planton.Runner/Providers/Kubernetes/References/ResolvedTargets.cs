using Planton.Runner.Providers.Kubernetes.Configuration;

namespace Planton.Runner.Providers.Kubernetes.References;

/// <summary>
/// Definitions of the runner's own kubeconfig with their references resolved, each for one environment, kept for as long as
/// <see cref="KubernetesOptions.ReferenceLifetime"/>. One question at a time serves everybody who waits for the same.
/// </summary>
internal sealed class ResolvedTargets(IReferenceSource source, KubernetesOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Name, string? Environment), Entry> _entries = [];

    public async ValueTask<TargetAttempt<TargetDefinition>> GetAsync(KubeSelection selection, string? environment, CancellationToken cancellationToken)
    {
        Entry entry;
        lock (_gate)
        {
            RemoveOld();
            var key = (selection.Name, environment);
            if (!_entries.TryGetValue(key, out entry!) || entry.Selection != selection)
                _entries[key] = entry = new Entry(selection, ResolveAsync(selection, environment), time.GetTimestamp());
        }

        var made = await entry.Definition.WaitAsync(cancellationToken);
        // What failed is asked for anew each time, and so names that do not exist take no memory.
        if (made.Fault is not null)
            Forget((selection.Name, environment), entry);
        return made;
    }

    // Not cancelled with one request: others may wait for the same. The client has a limit of its own.
    private async Task<TargetAttempt<TargetDefinition>> ResolveAsync(KubeSelection selection, string? environment)
    {
        var values = await source.ResolveAsync(SelectionReferences.Of(selection), environment, selection.Name, CancellationToken.None);
        return values.Fault is { } fault ? fault : TargetDefinitionBuilder.Build(SelectionReferences.Replace(selection, values.Value!));
    }

    private void RemoveOld()
    {
        foreach (var (key, entry) in _entries.ToArray())
        {
            if (entry.Definition.IsFaulted || time.GetElapsedTime(entry.At) >= options.ReferenceLifetime)
                _entries.Remove(key);
        }
    }

    private void Forget((string Name, string? Environment) key, Entry entry)
    {
        lock (_gate)
        {
            if (_entries.GetValueOrDefault(key) == entry)
                _entries.Remove(key);
        }
    }

    private sealed record Entry(KubeSelection Selection, Task<TargetAttempt<TargetDefinition>> Definition, long At);
}
