namespace SampleCluster.Objects;

/// <summary>Every kind of object that this cluster keeps.</summary>
internal static class ResourceTypes
{
    public static readonly ResourceType Namespaces = new("", "v1", "namespaces", "namespace", "Namespace", false) { ShortNames = ["ns"] };

    public static readonly ResourceType Nodes = new("", "v1", "nodes", "node", "Node", false) { ShortNames = ["no"] };

    public static readonly ResourceType Pods = new("", "v1", "pods", "pod", "Pod", true)
    {
        ShortNames = ["po"],
        Categories = ["all"],
        Subresources = [new("exec", "PodExecOptions", "create"), new("log", "Pod", "get")],
    };

    public static readonly ResourceType Services = new("", "v1", "services", "service", "Service", true) { ShortNames = ["svc"], Categories = ["all"] };

    public static readonly ResourceType Events = new("", "v1", "events", "event", "Event", true) { ShortNames = ["ev"] };

    public static readonly ResourceType ConfigMaps = new("", "v1", "configmaps", "configmap", "ConfigMap", true) { ShortNames = ["cm"] };

    public static readonly ResourceType Secrets = new("", "v1", "secrets", "secret", "Secret", true);

    public static readonly ResourceType ServiceAccounts = new("", "v1", "serviceaccounts", "serviceaccount", "ServiceAccount", true) { ShortNames = ["sa"] };

    public static readonly ResourceType Endpoints = new("", "v1", "endpoints", "endpoints", "Endpoints", true) { ShortNames = ["ep"] };

    public static readonly ResourceType Deployments = new("apps", "v1", "deployments", "deployment", "Deployment", true) { ShortNames = ["deploy"], Categories = ["all"] };

    public static readonly ResourceType ReplicaSets = new("apps", "v1", "replicasets", "replicaset", "ReplicaSet", true) { ShortNames = ["rs"], Categories = ["all"] };

    public static readonly ResourceType EndpointSlices = new("discovery.k8s.io", "v1", "endpointslices", "endpointslice", "EndpointSlice", true);

    public static IReadOnlyList<ResourceType> All { get; } =
    [
        ConfigMaps, Endpoints, Events, Namespaces, Nodes, Pods, Secrets, ServiceAccounts, Services, Deployments, ReplicaSets, EndpointSlices,
    ];

    public static ResourceType? Find(string group, string version, string plural) =>
        All.FirstOrDefault(type => type.Group == group && type.Version == version && type.Plural == plural);
}
