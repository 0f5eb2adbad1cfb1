using System.Collections.Concurrent;
using Planton.Runner.Network;
using Planton.Runner.Providers.Kubernetes;
using Planton.Runner.Providers.Kubernetes.References;

namespace Planton.Runner.Tests.Fixtures;

/// <summary>Stands for the control plane that resolves references; remembers what it was asked.</summary>
internal sealed class FakeReferences : IReferenceSource
{
    /// <summary>By <c>environment:reference</c>.</summary>
    public ConcurrentDictionary<string, string> Values { get; } = new();

    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>What every question waits for.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    public async Task<TargetAttempt<IReadOnlyDictionary<string, string>>> ResolveAsync(
        IReadOnlyList<string> references, string? environment, string whose, CancellationToken cancellationToken)
    {
        Asked.Enqueue($"{environment}:{string.Join(',', references)}");
        await Hold.WaitAsync(cancellationToken);
        var found = references.Where(reference => Values.ContainsKey($"{environment}:{reference}"))
            .ToDictionary(reference => reference, reference => Values[$"{environment}:{reference}"]);
        return found.Count == references.Count
            ? TargetAttempt<IReadOnlyDictionary<string, string>>.Of(found)
            : new NetworkFault(NetworkStage.Configuration, $"{string.Join(", ", references)} of {whose} cannot be resolved: there is no such secret", "Make it");
    }
}
