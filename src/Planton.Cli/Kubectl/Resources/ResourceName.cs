namespace Planton.Cli.Kubectl.Resources;

/// <summary>A resource type as it is typed: <c>pods</c>, <c>deployments.apps</c> or <c>deployments.v1.apps</c>.</summary>
/// <param name="Typed">The whole of it.</param>
/// <param name="Resource">Plural, singular, kind or short name, in lower case.</param>
/// <param name="Rest">What follows the first dot: a group, or a version and a group; null without a dot.</param>
internal sealed record ResourceName(string Typed, string Resource, string? Rest)
{
    public static ResourceName Parse(string typed)
    {
        var dot = typed.IndexOf('.', StringComparison.Ordinal);
        return dot < 0
            ? new(typed, typed.ToLowerInvariant(), null)
            : new(typed, typed[..dot].ToLowerInvariant(), typed[(dot + 1)..]);
    }

    /// <summary><see cref="Rest"/> read as <c>version.group</c>; null when it has no dot.</summary>
    public (string Version, string Group)? VersionAndGroup
    {
        get
        {
            var dot = Rest?.IndexOf('.', StringComparison.Ordinal) ?? -1;
            return dot < 0 ? null : (Rest![..dot], Rest[(dot + 1)..]);
        }
    }

    public bool Names(KubernetesResource resource) =>
        resource.Name == Resource || resource.Singular == Resource || resource.Kind.Equals(Resource, StringComparison.OrdinalIgnoreCase);

    public bool Abbreviates(KubernetesResource resource) => resource.ShortNames.Contains(Resource);
}
