using SampleCluster.Objects;

namespace SampleCluster.Workloads;

/// <summary>
/// The controllers, scheduler and kubelets of the sample in one loop: after every change it looks at all workloads and makes
/// what is missing. It is small because there are few workloads, and right because it never relies on having seen a change.
/// </summary>
internal sealed class WorkloadController(ObjectStore store, WorkloadOptions options) : BackgroundService
{
    private int _podNumber = 10;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var version = store.List(ResourceTypes.Namespaces).Version;
            var next = Reconcile();
            try
            {
                await store.WaitAsync(version, stoppingToken).WaitAsync(next, store.Time, stoppingToken);

                // Changes that come in a bunch are looked at once.
                await Task.Delay(options.Pause, store.Time, stoppingToken);
            }
            catch (TimeoutException)
            {
                // A pod is due.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Does everything that can be done now; returns how long until there may be more to do.</summary>
    private TimeSpan Reconcile()
    {
        CollectGarbage();
        foreach (var deployment in store.List(ResourceTypes.Deployments).Objects)
            ReconcileDeployment(deployment);
        foreach (var replicaSet in store.List(ResourceTypes.ReplicaSets).Objects)
            ReconcileReplicaSet(replicaSet);
        return AdvancePods();
    }

    private void CollectGarbage()
    {
        var namespaces = store.List(ResourceTypes.Namespaces).Objects.Select(n => n.Name).ToHashSet();
        foreach (var type in ResourceTypes.All.Where(t => t.Namespaced))
        {
            foreach (var stray in store.List(type).Objects.Where(o => !namespaces.Contains(o.Namespace)))
                store.Delete(type, stray.Namespace, stray.Name);
        }

        DeleteOrphans(ResourceTypes.ReplicaSets, ResourceTypes.Deployments);
        DeleteOrphans(ResourceTypes.Pods, ResourceTypes.ReplicaSets);
    }

    private void DeleteOrphans(ResourceType owned, ResourceType owners)
    {
        var alive = store.List(owners).Objects.Select(o => o.Uid).ToHashSet();
        foreach (var stored in store.List(owned).Objects)
        {
            if (stored.Json.ControllerUid() is { } owner && !alive.Contains(owner))
                store.Delete(owned, stored.Namespace, stored.Name);
        }
    }

    private void ReconcileDeployment(StoredObject deployment)
    {
        var wanted = ReplicaSets.FromDeployment(deployment.Json);
        var name = wanted.Text("metadata", "name")!;
        var owned = store.List(ResourceTypes.ReplicaSets, deployment.Namespace).Objects.Where(r => r.Json.ControllerUid() == deployment.Uid).ToList();
        if (!owned.Exists(r => r.Name == name))
            store.Create(ResourceTypes.ReplicaSets, deployment.Namespace, wanted);
        foreach (var old in owned)
        {
            var replicas = old.Name == name ? deployment.Json.Number("spec", "replicas") ?? 1 : 0;
            store.Update(ResourceTypes.ReplicaSets, old.Namespace, old.Name, json =>
            {
                json["spec"]!["replicas"] = replicas;
                return json;
            });
        }

        var current = store.Get(ResourceTypes.ReplicaSets, deployment.Namespace, name);
        var (pods, ready) = (current?.Json.Number("status", "replicas") ?? 0, current?.Json.Number("status", "readyReplicas") ?? 0);
        store.Update(
            ResourceTypes.Deployments, deployment.Namespace, deployment.Name, json => WorkloadStatus.OfDeployment(json, pods, ready, store.Time.GetUtcNow()));
    }

    private void ReconcileReplicaSet(StoredObject replicaSet)
    {
        var pods = store.List(ResourceTypes.Pods, replicaSet.Namespace).Objects.Where(p => p.Json.ControllerUid() == replicaSet.Uid).ToList();
        var wanted = Math.Clamp(replicaSet.Json.Number("spec", "replicas") ?? 1, 0, options.MaxReplicas);
        for (var missing = wanted - pods.Count; missing > 0; missing--)
            store.Create(ResourceTypes.Pods, replicaSet.Namespace, ReplicaSets.Pod(replicaSet.Json));
        foreach (var extra in pods.Skip(wanted))
            store.Delete(ResourceTypes.Pods, extra.Namespace, extra.Name);
        pods = [.. store.List(ResourceTypes.Pods, replicaSet.Namespace).Objects.Where(p => p.Json.ControllerUid() == replicaSet.Uid)];
        store.Update(
            ResourceTypes.ReplicaSets, replicaSet.Namespace, replicaSet.Name,
            json => WorkloadStatus.OfReplicaSet(json, pods.Count, pods.Count(WorkloadStatus.IsReady)));
    }

    private TimeSpan AdvancePods()
    {
        var now = store.Time.GetUtcNow();
        var next = options.LongestWait;
        foreach (var pod in store.List(ResourceTypes.Pods).Objects)
        {
            var phase = pod.Json.Text("status", "phase");
            if (phase is null)
            {
                store.Update(ResourceTypes.Pods, pod.Namespace, pod.Name, json => PodLifecycle.Schedule(json, now, ++_podNumber));
                next = Shorter(next, options.StartDelay);
            }
            else if (phase == "Pending")
            {
                var left = (pod.Json.Time("status", "startTime") ?? now) + options.StartDelay - now;
                if (left <= TimeSpan.Zero)
                    store.Update(ResourceTypes.Pods, pod.Namespace, pod.Name, json => PodLifecycle.Run(json, now, ++_podNumber));
                else
                    next = Shorter(next, left);
            }
        }

        return next;
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
