using Microsoft.EntityFrameworkCore;
using Planton.Api.Users;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;

namespace Planton.Server.Users;

/// <summary>Takes from a user what they can do, whatever they own, and leaves them in the trail and in their organizations.</summary>
internal sealed class UserSuspension(AccessChanges changes)
{
    /// <summary>Refuses every key of a user until <see cref="ResumeAsync"/>. Suspending again keeps the first time.</summary>
    public Task<Result<SuspendUserResponse>> SuspendAsync(OperationContext operation, string name, CancellationToken cancellationToken) =>
        changes.RunAsync<SuspendUserResponse>(
            operation, null, Permission.ManageUser, AuditAction.SuspendUser, UserService.Resource(name),
            async change =>
            {
                if (await UserQueries.FindAsync(change.Context, name, cancellationToken).ConfigureAwait(false) is not { } user)
                    return await UserErrors.NotFoundAsync(change.Context, name, cancellationToken).ConfigureAwait(false);
                if (await UserQueries.IsLastOperatorAsync(change.Context, user, change.Now, cancellationToken).ConfigureAwait(false))
                    return UserErrors.LastOperator(name, $"user \"{name}\" was not suspended");
                user.SuspendedAt ??= change.Now;
                var frozen = await UserQueries.OwnedAlone(change.Context, user.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
                change.Detail = frozen.Count == 0 ? null : $"freezes {frozen.Count} organization(s): {string.Join(", ", frozen.Take(UserService.MaxNamed))}";
                return new SuspendUserResponse(UserService.View(user), frozen);
            },
            cancellationToken);

    /// <summary>Ends a suspension. One that is not suspended is no error.</summary>
    public Task<Result<User>> ResumeAsync(OperationContext operation, string name, CancellationToken cancellationToken) => changes.RunAsync<User>(
        operation, null, Permission.ManageUser, AuditAction.ResumeUser, UserService.Resource(name),
        async change =>
        {
            if (await UserQueries.FindAsync(change.Context, name, cancellationToken).ConfigureAwait(false) is not { } user)
                return await UserErrors.NotFoundAsync(change.Context, name, cancellationToken).ConfigureAwait(false);
            change.Detail = user.SuspendedAt is { } since ? $"suspended since {since.UtcDateTime:u}" : "was not suspended";
            user.SuspendedAt = null;
            return UserService.View(user);
        },
        cancellationToken);

    /// <summary>Revokes every key of a user, who can do nothing more until somebody gives them an account anew.</summary>
    public Task<Result<RevokeUserKeysResponse>> RevokeKeysAsync(OperationContext operation, string name, CancellationToken cancellationToken) =>
        changes.RunAsync<RevokeUserKeysResponse>(
            operation, null, Permission.ManageUser, AuditAction.RevokeUserKeys, UserService.Resource(name),
            async change =>
            {
                if (await UserQueries.FindAsync(change.Context, name, cancellationToken).ConfigureAwait(false) is not { } user)
                    return await UserErrors.NotFoundAsync(change.Context, name, cancellationToken).ConfigureAwait(false);
                if (await UserQueries.IsLastOperatorAsync(change.Context, user, change.Now, cancellationToken).ConfigureAwait(false))
                    return UserErrors.LastOperator(name, $"the keys of user \"{name}\" were not revoked");
                var keys = await change.Context.ApiKeys.Where(key => key.UserId == user.Id && key.RevokedAt == null)
                    .ToListAsync(cancellationToken).ConfigureAwait(false);
                var valid = keys.Count(key => key.ExpiresAt is null || key.ExpiresAt > change.Now);
                // Expired ones too, in case the clock moves backwards; they are not counted.
                foreach (var key in keys)
                    key.RevokedAt = change.Now;
                change.Detail = $"{valid} valid key(s)";
                return new RevokeUserKeysResponse(valid);
            },
            cancellationToken);
}
