using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Users;

internal static class UserErrors
{
    private const int MaxCompared = 1000;

    /// <summary>For the platform operator, who may see every name.</summary>
    public static async Task<Error> NotFoundAsync(ControlPlaneContext context, string name, CancellationToken cancellationToken)
    {
        var known = await context.Users.OrderBy(user => user.Name).Select(user => user.Name).Take(MaxCompared)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return new Error(ErrorCode.NotFound, $"there is no user \"{name}\"", NearMisses.Hint(name, known, "planton user list"));
    }

    /// <param name="name">The user.</param>
    /// <param name="what">What was asked for, which did not happen.</param>
    public static Error LastOperator(string name, string what) => new(
        ErrorCode.Conflict,
        $"{what}: \"{name}\" is the last platform operator with a valid key",
        "Make another one first: planton user create NAME --platform-operator");

    public static Error LastOwner(UserEntity user, IReadOnlyList<string> organizations) => new(
        ErrorCode.Conflict,
        $"user \"{user.Name}\" was not deleted: {string.Join(", ", organizations)} would have no owner",
        user.SuspendedAt is null
            ? $"Suspend the user instead: planton user suspend {user.Name}. Organizations without another owner are then frozen, and you can make an owner there."
            : $"Make another owner first: planton member set NAME --role owner --org {organizations[0]}");

    public static Error IsSuspended(UserEntity user) => new(
        ErrorCode.Conflict, $"user \"{user.Name}\" is suspended, and helps no organization", $"Name another user, or end it: planton user resume {user.Name}");
}
