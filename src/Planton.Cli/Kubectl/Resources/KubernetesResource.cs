namespace Planton.Cli.Kubectl.Resources;

/// <summary>One resource type of a cluster, in the version to use.</summary>
internal sealed record KubernetesResource
{
    /// <summary>The plural name, as in paths.</summary>
    public required string Name { get; init; }

    public required string Singular { get; init; }

    public required string Kind { get; init; }

    /// <summary>The API group; empty for the core group.</summary>
    public required string Group { get; init; }

    public required string Version { get; init; }

    public required bool Namespaced { get; init; }

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary><c>pods</c> or <c>deployments.apps</c>.</summary>
    public string QualifiedName => Group.Length == 0 ? Name : $"{Name}.{Group}";

    /// <summary><c>pod</c> or <c>deployment.apps</c>: what stands before the name when several types are listed.</summary>
    public string QualifiedKind => (Group.Length == 0 ? Kind : $"{Kind}.{Group}").ToLowerInvariant();

    /// <summary>The path of the collection.</summary>
    public string Path(string? ns)
    {
        var root = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        return Namespaced && ns is not null ? $"{root}/namespaces/{Uri.EscapeDataString(ns)}/{Name}" : $"{root}/{Name}";
    }

    /// <summary>Whether this is the type that <paramref name="other"/> is, whatever was typed to name it.</summary>
    public bool IsSameType(KubernetesResource other) => Name == other.Name && Group == other.Group && Version == other.Version;
}
