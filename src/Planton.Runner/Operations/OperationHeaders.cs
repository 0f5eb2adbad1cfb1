namespace Planton.Runner.Operations;

/// <summary>What the gateway tells about an operation, and what is told back. None of them ever reaches a target.</summary>
internal static class OperationHeaders
{
    public const string Prefix = "Planton-";
    public const string OperationId = "Planton-Operation-Id";

    /// <summary>The id of the organization whose operation it is.</summary>
    public const string Organization = "Planton-Organization";

    /// <summary>The id of the runner that it is for.</summary>
    public const string Runner = "Planton-Runner";

    /// <summary>The context of the runner's kubeconfig; absent for the current one.</summary>
    public const string KubernetesContext = "Planton-Kubernetes-Context";

    /// <summary>The error's code: the answer is the runner's and not the target's.</summary>
    public const string Error = "Planton-Error";

    /// <summary>What happened and what to do: percent-encoded UTF-8.</summary>
    public const string ErrorDetail = "Planton-Error-Detail";
}
