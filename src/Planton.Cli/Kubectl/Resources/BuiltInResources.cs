namespace Planton.Cli.Kubectl.Resources;

/// <summary>
/// The types that every cluster has, so that the usual command needs one request and no discovery. A cluster that lacks a
/// version named here answers 404, and is then asked what it has.
/// </summary>
internal static class BuiltInResources
{
    private static ResourceIndex? _index;

    public static ResourceIndex Index => _index ??= new ResourceIndex(
    [
        Core("componentstatuses", "ComponentStatus", namespaced: false, "cs"),
        Core("configmaps", "ConfigMap", true, "cm"),
        Core("endpoints", "Endpoints", true, "ep"),
        Core("events", "Event", true, "ev"),
        Core("limitranges", "LimitRange", true, "limits"),
        Core("namespaces", "Namespace", false, "ns"),
        Core("nodes", "Node", false, "no"),
        Core("persistentvolumeclaims", "PersistentVolumeClaim", true, "pvc"),
        Core("persistentvolumes", "PersistentVolume", false, "pv"),
        Core("pods", "Pod", true, "po"),
        Core("podtemplates", "PodTemplate", true),
        Core("replicationcontrollers", "ReplicationController", true, "rc"),
        Core("resourcequotas", "ResourceQuota", true, "quota"),
        Core("secrets", "Secret", true),
        Core("serviceaccounts", "ServiceAccount", true, "sa"),
        Core("services", "Service", true, "svc"),
        Of("apiregistration.k8s.io", "v1", "apiservices", "APIService", false),
        Of("apps", "v1", "controllerrevisions", "ControllerRevision", true),
        Of("apps", "v1", "daemonsets", "DaemonSet", true, "ds"),
        Of("apps", "v1", "deployments", "Deployment", true, "deploy"),
        Of("apps", "v1", "replicasets", "ReplicaSet", true, "rs"),
        Of("apps", "v1", "statefulsets", "StatefulSet", true, "sts"),
        Of("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true, "hpa"),
        Of("batch", "v1", "cronjobs", "CronJob", true, "cj"),
        Of("batch", "v1", "jobs", "Job", true),
        Of("certificates.k8s.io", "v1", "certificatesigningrequests", "CertificateSigningRequest", false, "csr"),
        Of("networking.k8s.io", "v1", "ingressclasses", "IngressClass", false),
        Of("networking.k8s.io", "v1", "ingresses", "Ingress", true, "ing"),
        Of("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true, "netpol"),
        Of("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true, "pdb"),
        Of("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", false),
        Of("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false),
        Of("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", true),
        Of("rbac.authorization.k8s.io", "v1", "roles", "Role", true),
        Of("storage.k8s.io", "v1", "csidrivers", "CSIDriver", false),
        Of("storage.k8s.io", "v1", "csinodes", "CSINode", false),
        Of("storage.k8s.io", "v1", "storageclasses", "StorageClass", false, "sc"),
        Of("storage.k8s.io", "v1", "volumeattachments", "VolumeAttachment", false),
        Of("admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", false),
        Of("admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", false),
        Of("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false, "crd", "crds"),
        Of("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", false, "pc"),
        Of("coordination.k8s.io", "v1", "leases", "Lease", true),
        Of("node.k8s.io", "v1", "runtimeclasses", "RuntimeClass", false),
        Of("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true),
    ]);

    private static KubernetesResource Core(string name, string kind, bool namespaced, params string[] shortNames) =>
        Of("", "v1", name, kind, namespaced, shortNames);

    private static KubernetesResource Of(string group, string version, string name, string kind, bool namespaced, params string[] shortNames) => new()
    {
        Name = name,
        Singular = kind.ToLowerInvariant(),
        Kind = kind,
        Group = group,
        Version = version,
        Namespaced = namespaced,
        ShortNames = shortNames,
    };
}
