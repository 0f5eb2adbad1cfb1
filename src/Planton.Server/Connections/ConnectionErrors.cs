using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Connections;

internal static class ConnectionErrors
{
    // Enough to find a near miss in; an organization with more connections is not read whole for one.
    private const int MaxCompared = 1000;

    public static async Task<Error> NotFoundAsync(
        ControlPlaneContext context, CallerMembership organization, string name, CancellationToken cancellationToken)
    {
        var known = await context.Connections
            .Where(connection => connection.OrganizationId == organization.OrganizationId)
            .OrderBy(connection => connection.Name)
            .Select(connection => connection.Name)
            .Take(MaxCompared)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return new Error(
            ErrorCode.ConnectionNotFound,
            $"organization \"{organization.OrganizationName}\" has no connection \"{name}\"",
            NearMisses.Hint(name, known, $"planton connection list --org {organization.OrganizationName}"));
    }

    public static Error AlreadyExists(CallerMembership organization, string name) => new(
        ErrorCode.AlreadyExists,
        $"organization \"{organization.OrganizationName}\" has a connection \"{name}\" already",
        $"See it with: planton connection get {name} --org {organization.OrganizationName}");
}
