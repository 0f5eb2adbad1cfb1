using SampleCluster.Api;
using SampleCluster.Objects;

namespace SampleCluster.Logs;

/// <summary>Finds the log that a request means, or says why there is none.</summary>
internal static class LogSource
{
    public static ApiStatus? Find(StoredObject pod, LogQuery query, out ContainerLog log)
    {
        log = null!;
        var names = pod.Json.Items("spec", "containers").Select(c => c.Text("name") ?? "").ToList();
        if (query.Container is null && names.Count > 1)
            return ApiStatus.BadRequest($"a container name must be specified for pod {pod.Name}, choose one of: [{string.Join(' ', names)}]");
        var name = query.Container ?? names.FirstOrDefault() ?? "";
        if (!names.Contains(name))
            return ApiStatus.BadRequest($"container {name} is not valid for pod {pod.Name}");
        var status = pod.Json.Items("status", "containerStatuses").FirstOrDefault(s => s.Text("name") == name);
        var last = status.Object("lastState", "terminated");
        if (query.Previous && last is null)
            return ApiStatus.BadRequest($"previous terminated container \"{name}\" in pod \"{pod.Name}\" not found");
        if (!query.Previous && status.Time("state", "running", "startedAt") is { } started)
            log = new ContainerLog(pod.Json, name, started, null);
        else if ((status.Object("state", "terminated") ?? last) is { } ended && ended.Time("startedAt") is { } from)
            log = new ContainerLog(pod.Json, name, from, ended.Time("finishedAt") ?? from);
        else
            return ApiStatus.BadRequest($"container \"{name}\" in pod \"{pod.Name}\" is waiting to start: {status.Text("state", "waiting", "reason") ?? "PodInitializing"}");
        return null;
    }
}
