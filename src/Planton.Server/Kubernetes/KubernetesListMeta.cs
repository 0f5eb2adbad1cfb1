namespace Planton.Server.Kubernetes;

/// <summary>Kubernetes' <c>meta/v1.ListMeta</c>: always empty here.</summary>
internal sealed record KubernetesListMeta;
