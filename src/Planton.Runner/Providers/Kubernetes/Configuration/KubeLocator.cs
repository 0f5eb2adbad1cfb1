using Planton.Runner.Files;
using Planton.Runner.Network;

namespace Planton.Runner.Providers.Kubernetes.Configuration;

/// <summary>
/// Finds the way to clusters: <c>--kubeconfig</c>, <c>KUBECONFIG</c> (a list), the pod's own service account,
/// <c>~/.kube/config</c>.
/// </summary>
internal sealed class KubeLocator(KubernetesOptions options, Func<string, string?> environment)
{
    public const string NothingFound =
        "the runner has no kubeconfig and is not in a cluster: --kubeconfig and KUBECONFIG are not set, KUBERNETES_SERVICE_HOST is not set, and ~/.kube/config does not exist";

    public TargetAttempt<KubeLocation> Locate()
    {
        if (!string.IsNullOrEmpty(options.KubeConfig))
        {
            var file = Path.GetFullPath(options.KubeConfig);
            return MountedFile.Exists(file)
                ? new KubeLocation([file], null, "--kubeconfig")
                : Fault($"the file of --kubeconfig, {file}, does not exist on the runner", "Give the path of a kubeconfig");
        }

        if (environment("KUBECONFIG") is { Length: > 0 } list)
        {
            var files = list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(Path.GetFullPath).ToArray();
            return files.Any(MountedFile.Exists)
                ? new KubeLocation([.. files], null, "KUBECONFIG")
                : Fault($"none of the files of the runner's KUBECONFIG exists ({string.Join(", ", files)})", "Mend KUBECONFIG, or unset it");
        }

        if (environment("KUBERNETES_SERVICE_HOST") is { Length: > 0 } host)
            return InCluster(host, environment("KUBERNETES_SERVICE_PORT"));
        if (environment("HOME") is { Length: > 0 } home && Path.Combine(home, ".kube", "config") is var own && MountedFile.Exists(own))
            return new KubeLocation([own], null, "~/.kube/config");
        return Fault(NothingFound, "Start the runner with --kubeconfig FILE, or in a pod with a service account");
    }

    private TargetAttempt<KubeLocation> InCluster(string host, string? port)
    {
        var literal = host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('[') ? $"[{host}]" : host;
        if (!Uri.TryCreate($"https://{literal}:{(string.IsNullOrEmpty(port) ? "443" : port)}", UriKind.Absolute, out var server))
            return Fault("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT make no address", "");
        return MountedFile.Exists(Path.Combine(options.ServiceAccountFolder, "token"))
            ? new KubeLocation([], server, "the pod's service account")
            : Fault($"the runner is in a pod that has no service account token ({options.ServiceAccountFolder}/token)",
                "Set automountServiceAccountToken: true, or give --kubeconfig");
    }

    private static NetworkFault Fault(string what, string advice) => new(NetworkStage.Configuration, what, advice);
}
