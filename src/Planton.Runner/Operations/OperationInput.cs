using Planton.Api;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Runner.Providers.Kubernetes.Inline;

namespace Planton.Runner.Operations;

/// <summary>What the gateway says of an operation beside the request itself. Printing it prints no secret.</summary>
internal sealed class OperationInput
{
    private OperationInput()
    {
    }

    /// <summary>A context of the runner's kubeconfig; null for its current one.</summary>
    public string? KubeContext { get; private init; }

    /// <summary>The environment in which references are resolved; null for the organization as a whole.</summary>
    public string? Environment { get; private init; }

    /// <summary>What the connection brings itself; null when the runner's own credentials are used.</summary>
    public string? KubernetesConfig { get; private init; }

    /// <summary>The only addresses that <see cref="KubernetesConfig"/> may lead to; null where they are not limited.</summary>
    public AddressRanges? AllowedAddresses { get; private init; }

    /// <summary>Takes them out of the request, so that nothing on the way to the target or to a log can find what is secret.</summary>
    public static OperationInput? Take(IHeaderDictionary headers, out OperationRefusal? refusal)
    {
        var (contexts, environments, configs) =
            (headers[OperationHeaders.KubernetesContext], headers[OperationHeaders.Environment], headers[OperationHeaders.KubernetesConfig]);
        headers.Remove(OperationHeaders.KubernetesConfig);
        var allowed = headers[OperationHeaders.AllowedAddresses];
        // What limits an operation and cannot be read must not be taken for no limit.
        var ranges = allowed is [var listed] ? AddressRanges.Parse(listed ?? "") : null;
        refusal = contexts.Count > 1 || environments.Count > 1 || configs.Count > 1 || (environments is [var name] && !Slug.IsValid(name))
            || (allowed.Count > 0 && ranges is null)
            ? new OperationRefusal(ErrorCode.RefusedByRunner, "the operation's own headers are not as a gateway writes them")
            : null;
        return refusal is not null
            ? null
            : new OperationInput
            {
                KubeContext = contexts is [{ Length: > 0 } context] ? Uri.UnescapeDataString(context) : null,
                Environment = environments is [var environment] ? environment : null,
                AllowedAddresses = ranges,
                // One that is there and empty is refused as any other that cannot be read: never are the runner's own taken instead.
                KubernetesConfig = configs is [var config] ? config ?? "" : null,
            };
    }

    public override string ToString() => nameof(OperationInput);
}
