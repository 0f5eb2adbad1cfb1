using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Workloads;

/// <summary>What controllers write about what they found.</summary>
internal static class WorkloadStatus
{
    public static bool IsReady(StoredObject pod) =>
        pod.Json.Items("status", "containerStatuses").ToList() is { Count: > 0 } statuses && statuses.TrueForAll(s => s.Flag("ready") == true);

    public static JsonObject OfReplicaSet(JsonObject replicaSet, int pods, int ready)
    {
        replicaSet["status"] = new JsonObject
        {
            ["replicas"] = pods,
            ["fullyLabeledReplicas"] = pods,
            ["readyReplicas"] = ready,
            ["availableReplicas"] = ready,
            ["observedGeneration"] = replicaSet.Number("metadata", "generation") ?? 1,
        };
        return replicaSet;
    }

    public static JsonObject OfDeployment(JsonObject deployment, int pods, int ready, DateTimeOffset now)
    {
        var available = ready >= (deployment.Number("spec", "replicas") ?? 1);
        var before = deployment.Items("status", "conditions").FirstOrDefault();
        var since = before is not null && before.Text("status") == (available ? "True" : "False") ? before.Text("lastTransitionTime") : now.Timestamp();
        deployment["status"] = new JsonObject
        {
            ["observedGeneration"] = deployment.Number("metadata", "generation") ?? 1,
            ["replicas"] = pods,
            ["updatedReplicas"] = pods,
            ["readyReplicas"] = ready,
            ["availableReplicas"] = ready,
            ["unavailableReplicas"] = Math.Max(0, pods - ready),
            ["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Available",
                ["status"] = available ? "True" : "False",
                ["lastUpdateTime"] = since,
                ["lastTransitionTime"] = since,
                ["reason"] = available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                ["message"] = available ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
            }),
        };
        return deployment;
    }
}
