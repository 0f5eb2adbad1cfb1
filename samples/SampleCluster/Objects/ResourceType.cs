namespace SampleCluster.Objects;

/// <summary>A kind of object that this cluster keeps, as discovery describes it.</summary>
internal sealed record ResourceType(string Group, string Version, string Plural, string Singular, string Kind, bool Namespaced)
{
    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Subresources with the verbs they take, besides <c>status</c>, which every type has.</summary>
    public IReadOnlyList<Subresource> Subresources { get; init; } = [];

    /// <summary><c>v1</c>, <c>apps/v1</c>.</summary>
    public string GroupVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary><c>pods</c>, <c>deployments.apps</c>: how error messages name it.</summary>
    public string QualifiedPlural => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}
