using System.Text.Json.Nodes;
using SampleCluster.Objects;
using SampleCluster.Workloads;

namespace SampleCluster.Seed;

/// <summary>Writes objects that have been there for a while.</summary>
internal sealed class SeedWriter(ObjectStore store, DateTimeOffset now)
{
    private int _podNumber;
    private int _eventNumber;

    public void Create(ResourceType type, string @namespace, JsonObject draft, TimeSpan age)
    {
        draft["metadata"]!["creationTimestamp"] = (now - age).Timestamp();
        var result = store.Create(type, @namespace, draft);
        if (result.Error is { } error)
            throw new InvalidOperationException($"the seed is wrong: {error.Message}");
    }

    public void Named(ResourceType type, string @namespace, string name, TimeSpan age, JsonObject? rest = null)
    {
        var draft = rest ?? [];
        draft["metadata"] = new JsonObject { ["name"] = name };
        Create(type, @namespace, draft, age);
    }

    /// <summary>A deployment with its replica set and running pods; returns the pods' names.</summary>
    public IReadOnlyList<string> Deployment(string @namespace, string name, string image, int replicas, TimeSpan age, bool running = true)
    {
        var labels = new JsonObject { ["app"] = name };
        Create(ResourceTypes.Deployments, @namespace, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels.DeepClone() },
            ["spec"] = new JsonObject
            {
                ["replicas"] = replicas,
                ["selector"] = new JsonObject { ["matchLabels"] = labels.DeepClone() },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = labels.DeepClone() },
                    ["spec"] = new JsonObject
                    {
                        ["containers"] = new JsonArray(new JsonObject
                        {
                            ["name"] = name,
                            ["image"] = image,
                            ["ports"] = new JsonArray(new JsonObject { ["containerPort"] = 8080, ["protocol"] = "TCP" }),
                        }),
                    },
                },
            },
        }, age);
        var deployment = store.Get(ResourceTypes.Deployments, @namespace, name)!.Json;
        var replicaSet = ReplicaSets.FromDeployment(deployment);
        Create(ResourceTypes.ReplicaSets, @namespace, replicaSet, age);
        var stored = store.Get(ResourceTypes.ReplicaSets, @namespace, replicaSet.Text("metadata", "name")!)!.Json;
        var ready = running ? replicas : 0;
        store.Update(ResourceTypes.ReplicaSets, @namespace, stored.Text("metadata", "name")!, json => WorkloadStatus.OfReplicaSet(json, replicas, ready));
        store.Update(ResourceTypes.Deployments, @namespace, name, json => WorkloadStatus.OfDeployment(json, replicas, ready, now - age));
        return [.. Enumerable.Range(0, replicas).Select(_ => Pod(@namespace, ReplicaSets.Pod(stored), age))];
    }

    /// <summary>Makes a running pod one that ends again and again.</summary>
    public void Crash(string @namespace, string pod, int restarts)
    {
        store.Update(ResourceTypes.Pods, @namespace, pod, json =>
        {
            var status = json["status"]!["containerStatuses"]![0]!;
            status["ready"] = false;
            status["started"] = false;
            status["restartCount"] = restarts;
            status["state"] = new JsonObject
            {
                ["waiting"] = new JsonObject
                {
                    ["reason"] = "CrashLoopBackOff",
                    ["message"] = $"back-off 5m0s restarting failed container={status.Text("name")} pod={pod}",
                },
            };
            status["lastState"] = new JsonObject
            {
                ["terminated"] = new JsonObject
                {
                    ["exitCode"] = 1,
                    ["reason"] = "Error",
                    ["startedAt"] = (now - TimeSpan.FromSeconds(134)).Timestamp(),
                    ["finishedAt"] = (now - TimeSpan.FromSeconds(130)).Timestamp(),
                },
            };
            foreach (var condition in json.Items("status", "conditions").Where(c => c.Text("type") is "Ready" or "ContainersReady"))
                condition["status"] = "False";
            return json;
        });
    }

    public void Service(string @namespace, string name, string clusterIp, int port, TimeSpan age, string type = "ClusterIP")
    {
        var entry = new JsonObject { ["name"] = "http", ["port"] = port, ["protocol"] = "TCP", ["targetPort"] = 8080 };
        if (type == "NodePort")
            entry["nodePort"] = 30080;
        var spec = new JsonObject { ["type"] = type, ["clusterIP"] = clusterIp, ["clusterIPs"] = new JsonArray(clusterIp), ["ports"] = new JsonArray(entry) };
        if (name != "kubernetes")
            spec["selector"] = new JsonObject { ["app"] = name };
        Named(ResourceTypes.Services, @namespace, name, age, new JsonObject { ["spec"] = spec, ["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() } });
    }

    public void Event(StoredObject about, string type, string reason, string message, string component, TimeSpan age, int count = 1)
    {
        var last = (now - age).Timestamp();
        Create(ResourceTypes.Events, about.Namespace.Length == 0 ? "default" : about.Namespace, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = $"{about.Name}.{++_eventNumber:x16}" },
            ["involvedObject"] = new JsonObject
            {
                ["apiVersion"] = about.Type.GroupVersion,
                ["kind"] = about.Type.Kind,
                ["name"] = about.Name,
                ["namespace"] = about.Namespace.Length == 0 ? null : about.Namespace,
                ["uid"] = about.Uid,
            },
            ["type"] = type,
            ["reason"] = reason,
            ["message"] = message,
            ["source"] = new JsonObject { ["component"] = component, ["host"] = component == "kubelet" ? "sample-node-1" : null },
            ["firstTimestamp"] = last,
            ["lastTimestamp"] = last,
            ["count"] = count,
            ["eventTime"] = null,
            ["reportingComponent"] = component,
            ["reportingInstance"] = "",
        }, age);
    }

    private string Pod(string @namespace, JsonObject draft, TimeSpan age)
    {
        draft["metadata"]!["creationTimestamp"] = (now - age).Timestamp();
        var pod = store.Create(ResourceTypes.Pods, @namespace, draft).Object!;
        var number = ++_podNumber;
        store.Update(ResourceTypes.Pods, @namespace, pod.Name, json => PodLifecycle.Run(PodLifecycle.Schedule(json, now - age, number), now - age, number));
        return pod.Name;
    }
}
