namespace Planton.Server.Kubernetes;

internal sealed record KubernetesStatusCause(string Reason, string Message);
