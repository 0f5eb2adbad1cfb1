using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Exec.Shell;

/// <summary>What the toy shell can see: made up from the pod. Nothing of the host.</summary>
internal sealed class VirtualContainer
{
    public VirtualContainer(JsonObject pod, TimeProvider time)
    {
        Time = time;
        var name = pod.Text("metadata", "name") ?? "sample";
        Environment = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = "/root",
            ["HOSTNAME"] = name,
            ["KUBERNETES_SERVICE_HOST"] = "10.96.0.1",
            ["KUBERNETES_SERVICE_PORT"] = "443",
            ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            ["SAMPLE_CLUSTER"] = "not-kubernetes",
        };
        foreach (var variable in pod.Items("spec", "containers").Take(1).SelectMany(c => c.Items("env")))
            Environment[variable.Text("name") ?? ""] = variable.Text("value") ?? "";
        Files = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["/app/README"] = "This container is made up by the sample cluster. There is no process behind it.\n",
            ["/app/config.yaml"] = "listen: :8080\nlog: info\n",
            ["/etc/hostname"] = name + "\n",
            ["/etc/os-release"] = "NAME=\"Sample cluster\"\nID=sample\nPRETTY_NAME=\"Sample cluster (not Kubernetes)\"\n",
            ["/etc/resolv.conf"] = $"search {pod.Text("metadata", "namespace")}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\n",
        };
    }

    public TimeProvider Time { get; }

    public SortedDictionary<string, string> Environment { get; }

    public SortedDictionary<string, string> Files { get; }
}
