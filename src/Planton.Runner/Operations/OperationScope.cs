using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Tunnel.Identity;

namespace Planton.Runner.Operations;

/// <summary>
/// The runner's own check that an operation is for it. The control plane checks the same; this one holds even when that one
/// is broken or lies.
/// </summary>
internal sealed class OperationScope(RunnerIdentity identity)
{
    public OperationRefusal? Check(IHeaderDictionary headers)
    {
        if (headers[OperationHeaders.Runner] is not [var runner] || runner != identity.RunnerId)
            return Refuse($"the operation is for another runner than this one ({identity.RunnerId})");
        if (identity.OrganizationId is { } own && (headers[OperationHeaders.Organization] is not [var organization] || organization != own))
            return Refuse($"the operation is for another organization than this runner's ({own})");
        // Which organizations a platform runner serves is the control plane's to say; that it says where they may lead, is checked here.
        if (identity.OrganizationId is null && headers.ContainsKey(OperationHeaders.KubernetesConfig) && !headers.ContainsKey(OperationHeaders.AllowedAddresses))
            return Refuse("the operation brings its own cluster and names no address ranges that it may be in, without which a runner of the platform dials nothing");
        return headers.Keys.FirstOrDefault(ActsForAnother) is { } name
            ? Refuse($"the request has the header {name}: acting as another user with the runner's own credentials is not allowed")
            : null;
    }

    // X-Remote-* is how a front proxy names the user to an API server: with the right certificate it is impersonation too.
    private static bool ActsForAnother(string header) =>
        header.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase)
        || header.StartsWith("X-Remote-", StringComparison.OrdinalIgnoreCase);

    private static OperationRefusal Refuse(string detail) => new(ErrorCode.RefusedByRunner, detail);
}
