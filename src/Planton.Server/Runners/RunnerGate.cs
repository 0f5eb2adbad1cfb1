using Planton.Server.Authorization;
using Planton.Server.Errors;

namespace Planton.Server.Runners;

/// <summary>Decides about runners, which live in an organization or at platform level.</summary>
internal sealed class RunnerGate(Gatekeeper gatekeeper)
{
    /// <param name="operation">Who asks.</param>
    /// <param name="organization">The organization's name; null for the platform.</param>
    /// <param name="permission">What is needed in an organization.</param>
    /// <param name="platformPermission">What is needed at platform level.</param>
    /// <param name="action">For the audit trail.</param>
    /// <param name="runner">The runner's name, as it was given; empty for a list.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<Result<RunnerScope>> EnterAsync(
        OperationContext operation,
        string? organization,
        Permission permission,
        Permission platformPermission,
        string action,
        string runner,
        CancellationToken cancellationToken)
    {
        if (organization is null)
        {
            var denied = await gatekeeper
                .EnterPlatformAsync(operation, platformPermission, action, RunnerScope.Platform.Resource(runner), cancellationToken).ConfigureAwait(false);
            return denied is null ? RunnerScope.Platform : denied;
        }

        var entered = await gatekeeper
            .EnterAsync(operation, organization, permission, action, $"runner/{runner}", cancellationToken).ConfigureAwait(false);
        return entered.Succeeded ? new RunnerScope(entered.Value.OrganizationId, entered.Value.OrganizationName) : entered.Error;
    }
}
