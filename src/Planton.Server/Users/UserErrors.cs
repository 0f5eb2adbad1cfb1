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

    public static Error LastOperator(string name) => new(
        ErrorCode.Conflict,
        $"user \"{name}\" was not deleted: it is the last platform operator",
        "Make another one first: planton user create NAME --platform-operator");

    public static Error LastOwner(string name, IReadOnlyList<string> organizations) => new(
        ErrorCode.Conflict,
        $"user \"{name}\" was not deleted: {string.Join(", ", organizations)} would have no owner",
        $"Make another owner first: planton member set NAME --role owner --org {organizations[0]}");
}
