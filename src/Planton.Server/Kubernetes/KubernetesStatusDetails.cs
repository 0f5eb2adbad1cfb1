using System.Text.Json.Serialization;

namespace Planton.Server.Kubernetes;

internal sealed record KubernetesStatusDetails
{
    public IReadOnlyList<KubernetesStatusCause> Causes { get; init; } = [];

    /// <summary>When the client may try again; left out when that is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RetryAfterSeconds { get; init; }
}
