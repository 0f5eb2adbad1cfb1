using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Users;
using Planton.Server.ApiKeys;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Users;

/// <summary>The people of the control plane, for its operator.</summary>
internal sealed class UserService(IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, AccessChanges changes)
{
    /// <summary>The most users: lists have no pages.</summary>
    public const int MaxUsers = 10_000;

    /// <summary>As many organizations as a message names.</summary>
    public const int MaxNamed = 10;

    public async Task<Result<IReadOnlyList<User>>> ListAsync(OperationContext operation, CancellationToken cancellationToken)
    {
        if (await gatekeeper.EnterPlatformAsync(operation, Permission.ManageUser, "user.list", "users", cancellationToken).ConfigureAwait(false) is { } denied)
            return denied;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var users = await context.Users.AsNoTracking().OrderBy(user => user.Name).ToListAsync(cancellationToken).ConfigureAwait(false);
        return users.ConvertAll(View);
    }

    /// <summary>Makes a user with a first key.</summary>
    public async Task<Result<NewUser>> CreateAsync(OperationContext operation, CreateUserRequest request, CancellationToken cancellationToken)
    {
        var faults = new FieldFaults();
        faults.NeedSlug("name", request.Name);
        if (faults.ToError() is { } invalid)
            return invalid;
        var name = request.Name!;
        return await changes.RunAsync<NewUser>(
            operation, null, Permission.ManageUser, AuditAction.CreateUser, Resource(name),
            async change =>
            {
                var context = change.Context;
                if (await context.Users.AnyAsync(user => user.Name == name, cancellationToken).ConfigureAwait(false))
                    return new Error(ErrorCode.AlreadyExists, $"there is a user \"{name}\" already", "See who there is with: planton user list");
                if (await context.Users.CountAsync(cancellationToken).ConfigureAwait(false) >= MaxUsers)
                    return new Error(ErrorCode.Conflict, $"there are {MaxUsers} users, which is the most", "Delete one who left: planton user delete NAME");
                var user = new UserEntity
                {
                    Id = ControlPlaneContext.NewId(), Name = name, PlatformOperator = request.PlatformOperator, CreatedAt = change.Now,
                };
                context.Users.Add(user);
                var key = await ApiKeyStore.AddAsync(context, ApiKeyOwner.User(user.Id), null, change.Now, cancellationToken).ConfigureAwait(false);
                if (!key.Succeeded)
                    return key.Error;
                change.Detail = $"{(user.PlatformOperator ? "platform operator, " : "")}{key.Value}";
                return new NewUser(View(user), key.Value);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes a user with keys and memberships.</summary>
    public Task<Error?> DeleteAsync(OperationContext operation, string name, CancellationToken cancellationToken) => changes.RunAsync(
        operation, null, Permission.ManageUser, AuditAction.DeleteUser, Resource(name),
        async change =>
        {
            var user = await UserQueries.FindAsync(change.Context, name, cancellationToken).ConfigureAwait(false);
            if (user is null)
                return await UserErrors.NotFoundAsync(change.Context, name, cancellationToken).ConfigureAwait(false);
            if (await UserQueries.IsLastOperatorAsync(change.Context, user, change.Now, cancellationToken).ConfigureAwait(false))
                return UserErrors.LastOperator(name, $"user \"{name}\" was not deleted");
            // Of a suspended one nothing is left to freeze.
            var orphans = user.SuspendedAt is null ? UserQueries.OwnedAlone(change.Context, user.Id) : UserQueries.OwnedByNobodyElse(change.Context, user.Id);
            if (await orphans.Take(MaxNamed).ToListAsync(cancellationToken).ConfigureAwait(false) is { Count: > 0 } named)
                return UserErrors.LastOwner(user, named);
            change.Detail = $"user {user.Id}";
            change.Context.Users.Remove(user);
            return null;
        },
        cancellationToken);

    /// <summary>For the audit trail.</summary>
    public static string Resource(string name) => $"user/{name}";

    public static User View(UserEntity user) => new(user.Id, user.Name, user.PlatformOperator, user.CreatedAt, user.SuspendedAt);
}
