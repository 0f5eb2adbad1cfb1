namespace Planton.Api.Connections;

/// <summary>Which cluster a runner goes to.</summary>
public sealed record KubernetesTarget
{
    /// <summary>
    /// A context of the runner's kubeconfig; null for its current one, or for the cluster the runner runs in. With
    /// <see cref="Kubeconfig"/>, a context of that.
    /// </summary>
    public string? Context { get; init; }

    /// <summary>
    /// For <c>authMode</c> <c>inline</c>: a kubeconfig (YAML or JSON) whose credentials are in it, at most
    /// <see cref="MaxKubeconfigBytes"/>. Values may be references. Taken, and never answered.
    /// </summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The largest kubeconfig, in UTF-8.</summary>
    public const int MaxKubeconfigBytes = 48 * 1024;

    /// <summary>Says nothing of the kubeconfig.</summary>
    public override string ToString() => $"{nameof(KubernetesTarget)} {{ Context = {Context} }}";
}
