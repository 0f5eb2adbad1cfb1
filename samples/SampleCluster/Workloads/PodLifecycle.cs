using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Workloads;

/// <summary>Takes a new pod from nothing over <c>Pending</c> to <c>Running</c>.</summary>
internal static class PodLifecycle
{
    public static JsonObject Schedule(JsonObject pod, DateTimeOffset now, int number)
    {
        pod["spec"] ??= new JsonObject();
        pod["spec"]!["nodeName"] ??= number % 2 == 0 ? "sample-node-1" : "sample-node-2";
        pod["spec"]!["serviceAccountName"] ??= "default";
        pod["spec"]!["restartPolicy"] ??= "Always";
        pod["status"] = new JsonObject
        {
            ["phase"] = "Pending",
            ["conditions"] = new JsonArray(Condition("PodScheduled", "True", now)),
            ["containerStatuses"] = Statuses(pod, ready: false, new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ContainerCreating" } }),
            ["startTime"] = now.Timestamp(),
            ["qosClass"] = "BestEffort",
            ["hostIP"] = pod.Text("spec", "nodeName") == "sample-node-1" ? "10.10.0.11" : "10.10.0.12",
        };
        return pod;
    }

    public static JsonObject Run(JsonObject pod, DateTimeOffset now, int number)
    {
        var status = pod["status"]!;
        var ip = $"10.244.{number / 250 % 250}.{2 + (number % 250)}";
        status["phase"] = "Running";
        status["podIP"] = ip;
        status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = ip });
        status["conditions"] = new JsonArray(
            Condition("Initialized", "True", now), Condition("Ready", "True", now), Condition("ContainersReady", "True", now), Condition("PodScheduled", "True", now));
        status["containerStatuses"] = Statuses(pod, ready: true, new JsonObject { ["running"] = new JsonObject { ["startedAt"] = now.Timestamp() } });
        return pod;
    }

    private static JsonObject Condition(string type, string status, DateTimeOffset now) =>
        new() { ["type"] = type, ["status"] = status, ["lastProbeTime"] = null, ["lastTransitionTime"] = now.Timestamp() };

    private static JsonArray Statuses(JsonObject pod, bool ready, JsonObject state) => new([.. pod.Items("spec", "containers").Select(c => new JsonObject
    {
        ["name"] = c.Text("name"),
        ["image"] = c.Text("image"),
        ["imageID"] = $"sample://{c.Text("image")}",
        ["containerID"] = ready ? $"sample://{pod.Text("metadata", "uid")}" : "",
        ["ready"] = ready,
        ["started"] = ready,
        ["restartCount"] = 0,
        ["state"] = state.DeepClone(),
        ["lastState"] = new JsonObject(),
    })]);
}
