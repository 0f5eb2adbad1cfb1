namespace Planton.Api.Operations;

/// <summary>
/// The headers between the gateway and the runner that say what an operation is for. Neither end takes any header that begins
/// with <see cref="Prefix"/> from a client or a target.
/// </summary>
public static class OperationHeaders
{
    /// <summary>What all of them begin with.</summary>
    public const string Prefix = "Planton-";

    /// <summary>Request and answer to the client: the id under which the audit trail knows the operation.</summary>
    public const string OperationId = "Planton-Operation-Id";

    /// <summary>Request: the id of the organization on whose behalf the operation runs. The runner checks it against its certificate.</summary>
    public const string Organization = "Planton-Organization";

    /// <summary>Request: the id of the runner that it is for. The runner checks it against its certificate.</summary>
    public const string Runner = "Planton-Runner";

    /// <summary>Request, optional: the context of the runner's kubeconfig, percent-encoded.</summary>
    public const string KubernetesContext = "Planton-Kubernetes-Context";

    /// <summary>
    /// Request, only for connections that bring their own credentials: the cluster and the credentials to use for this request and
    /// no other, as JSON (<see cref="InlineKubernetes"/>) in base64. Never written to a log. Sent only to runners that say
    /// <see cref="InlineKubernetes.Capability"/>: another would use its own credentials.
    /// </summary>
    public const string KubernetesConfig = "Planton-Kubernetes-Config";

    /// <summary>
    /// Request, with <see cref="KubernetesConfig"/> and always so for a runner of the platform: the address ranges that its cluster
    /// may be in, in CIDR notation, separated by commas. The runner compares each address that it dials. Sent only to runners that
    /// say <see cref="InlineKubernetes.RangesCapability"/>: another would dial any address.
    /// </summary>
    public const string AllowedAddresses = "Planton-Allowed-Addresses";

    /// <summary>Request, optional: the environment that it is for; references are resolved in it.</summary>
    public const string Environment = "Planton-Environment";

    /// <summary>Answer: how long the runner took until it sent the request to the target, in milliseconds.</summary>
    public const string RunnerMilliseconds = "Planton-Runner-Milliseconds";

    /// <summary>Answer: the error code when the answer is not the target's; on the Kubernetes proxy, told to the client as well.</summary>
    public const string Error = "Planton-Error";

    /// <summary>Answer: what failed, percent-encoded UTF-8, for people.</summary>
    public const string ErrorDetail = "Planton-Error-Detail";

    /// <summary>Answer with <see cref="Error"/>: <see cref="TargetStage"/> when the runner had begun to talk to the target.</summary>
    public const string ErrorStage = "Planton-Error-Stage";

    /// <summary>The value of <see cref="ErrorStage"/>.</summary>
    public const string TargetStage = "target";

    /// <summary>The path below which a runner takes requests for a Kubernetes API.</summary>
    public const string KubernetesPath = "/kubernetes";
}
