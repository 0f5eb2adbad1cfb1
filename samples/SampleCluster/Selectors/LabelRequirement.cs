namespace SampleCluster.Selectors;

/// <summary>One condition of a label selector.</summary>
/// <param name="Key">The label.</param>
/// <param name="Values">The values it is compared with; null asks only whether it is there.</param>
/// <param name="Wanted">False turns the condition round.</param>
internal sealed record LabelRequirement(string Key, IReadOnlyList<string>? Values, bool Wanted)
{
    /// <summary>As in Kubernetes, <c>a!=b</c> also holds for an object without <c>a</c>.</summary>
    public bool Holds(string? value) => (value is not null && (Values is null || Values.Contains(value))) == Wanted;
}
