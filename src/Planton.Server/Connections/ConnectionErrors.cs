using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Server.Authorization;
using Planton.Server.Environments;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Connections;

internal static class ConnectionErrors
{
    // Enough to find a near miss in; an organization with more connections is not read whole for one.
    private const int MaxCompared = 1000;
    private const int MaxListed = 10;

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

    public static Error JustDeleted(string connection) =>
        new(ErrorCode.ConnectionNotFound, $"connection \"{connection}\" has just been deleted");

    public static Error EnvironmentJustDeleted(string environment) =>
        new(ErrorCode.NotFound, $"environment \"{environment}\" has just been deleted");

    public static Error NoDefault(OrganizationScope scope) => new(
        ErrorCode.ConnectionNotFound,
        $"no connection is named, and {scope} has no default connection",
        scope.Environment is { } environment
            ? $"Name one with --connection NAME, or set one with: planton connection set-default NAME --env {environment.Name} --org {scope.Organization.OrganizationName}"
            : $"Name one with --connection NAME, or set one with: planton connection set-default NAME --org {scope.Organization.OrganizationName}");

    /// <summary>A connection that is authorized for some environments, and not for the one that was asked for.</summary>
    public static Error WrongEnvironment(string name, IReadOnlyList<string> authorized, string? asked) => new(
        ErrorCode.PermissionDenied,
        $"connection \"{name}\" may be used in {List(authorized)} only, and this request is {(asked is null ? "for no environment" : $"for environment \"{asked}\"")}",
        $"Name one with --env ({string.Join(", ", authorized.Take(MaxListed))}); an admin changes which with: planton connection set-environments {name}");

    public static Error AlreadyExists(CallerMembership organization, string name) => new(
        ErrorCode.AlreadyExists,
        $"organization \"{organization.OrganizationName}\" has a connection \"{name}\" already",
        $"See it with: planton connection get {name} --org {organization.OrganizationName}");

    private static string List(IReadOnlyList<string> environments) => environments.Count == 1
        ? $"environment \"{environments[0]}\""
        : $"environments {string.Join(", ", environments.Take(MaxListed).Select(name => $"\"{name}\""))}{(environments.Count > MaxListed ? ", …" : "")}";
}
