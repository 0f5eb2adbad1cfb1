using Planton.Server.Audit;
using Planton.Server.Errors;

namespace Planton.Server.Authorization;

/// <summary>Finds the organization that a request names, decides, and records a refusal.</summary>
internal sealed class Gatekeeper(IAuditLog audit)
{
    /// <summary>The caller's membership of <paramref name="organization"/>, when it allows <paramref name="permission"/> there.</summary>
    public async Task<Result<CallerMembership>> EnterAsync(
        OperationContext operation, string organization, Permission permission, string action, string resource, CancellationToken cancellationToken)
    {
        var membership = operation.Caller.Memberships.FirstOrDefault(membership => membership.OrganizationName == organization);
        var error = membership is null
            ? OrganizationErrors.NotFound(organization, operation.Caller)
            : Authorizer.Check(operation.Caller, membership.OrganizationId, permission);
        if (error is null)
            return membership!;
        // The name stays in the record: which organization was tried is what its reader wants to know.
        await RecordAsync(operation, action, $"{resource} of organization/{organization}", membership?.OrganizationId, error, cancellationToken).ConfigureAwait(false);
        return error;
    }

    /// <summary>Null when the caller has a permission that belongs to no organization.</summary>
    public async Task<Error?> EnterPlatformAsync(
        OperationContext operation, Permission permission, string action, string resource, CancellationToken cancellationToken)
    {
        var error = Authorizer.Check(operation.Caller, null, permission);
        if (error is not null)
            await RecordAsync(operation, action, resource, null, error, cancellationToken).ConfigureAwait(false);
        return error;
    }

    private Task RecordAsync(
        OperationContext operation, string action, string resource, string? organizationId, Error error, CancellationToken cancellationToken) =>
        audit.RecordAsync(operation.Denied(action, resource, organizationId, error), cancellationToken);
}
