namespace Planton.Runner.Providers.Kubernetes.References;

/// <summary>Gives the values of references to secrets and variables.</summary>
internal interface IReferenceSource
{
    /// <summary>The value of each reference, or why there is none, without any value.</summary>
    Task<TargetAttempt<IReadOnlyDictionary<string, string>>> ResolveAsync(
        IReadOnlyList<string> references, string? environment, string whose, CancellationToken cancellationToken);
}
