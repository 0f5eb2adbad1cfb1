namespace Planton.Server.Kubernetes;

/// <summary>Kubernetes' <c>meta/v1.Status</c>, as far as errors need it.</summary>
internal sealed record KubernetesStatus
{
    public string Kind { get; init; } = "Status";

    public string ApiVersion { get; init; } = "v1";

    public KubernetesListMeta Metadata { get; init; } = new();

    public string Status { get; init; } = "Failure";

    public required string Message { get; init; }

    public required string Reason { get; init; }

    public required KubernetesStatusDetails Details { get; init; }

    public required int Code { get; init; }
}
