using SampleCluster.Objects;

namespace SampleCluster.Selectors;

/// <summary>Which objects a list or a watch is about.</summary>
internal sealed record ListSelector(string? Namespace, LabelSelector Labels, FieldSelector Fields)
{
    public bool Matches(StoredObject candidate) =>
        (Namespace is null || candidate.Namespace == Namespace) && Labels.Matches(candidate.Json) && Fields.Matches(candidate.Json);
}
