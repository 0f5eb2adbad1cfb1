using Planton.Cli.Data;

namespace Planton.Cli.Kubectl.Requests;

/// <summary>An object, or why there is none. Exactly one of the two is set.</summary>
internal readonly record struct KubernetesAnswer(DataNode? Object, KubernetesError? Error)
{
    public static KubernetesAnswer Of(DataNode value) => new(value, null);

    public static KubernetesAnswer Of(KubernetesError error) => new(null, error);
}
