using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.ServiceAccounts;

internal static class ServiceAccountErrors
{
    private const int MaxCompared = 1000;

    public static async Task<Error> NotFoundAsync(
        ControlPlaneContext context, CallerMembership organization, string name, CancellationToken cancellationToken)
    {
        var known = await context.ServiceAccounts.Where(account => account.OrganizationId == organization.OrganizationId)
            .OrderBy(account => account.Name).Select(account => account.Name).Take(MaxCompared).ToListAsync(cancellationToken).ConfigureAwait(false);
        return new Error(
            ErrorCode.NotFound,
            $"organization \"{organization.OrganizationName}\" has no service account \"{name}\"",
            NearMisses.Hint(name, known, $"planton service-account list --org {organization.OrganizationName}"));
    }

    public static Error AlreadyExists(CallerMembership organization, string name) => new(
        ErrorCode.AlreadyExists,
        $"organization \"{organization.OrganizationName}\" has a service account \"{name}\" already",
        $"See it with: planton service-account get {name} --org {organization.OrganizationName}");

    public static Error TooMany(CallerMembership organization) => new(
        ErrorCode.Conflict,
        $"organization \"{organization.OrganizationName}\" has {ServiceAccountService.MaxAccounts} service accounts, which is the most",
        $"Delete one that is not used: planton service-account delete NAME --org {organization.OrganizationName}");

    public static Error NoSuchKey(string name, string id) => new(
        ErrorCode.NotFound, $"service account \"{name}\" has no key \"{id}\"", $"See its keys with: planton service-account key list {name}");

    /// <summary>A runner's account comes and goes with its runner, and its keys with the runner's credentials.</summary>
    public static Error OfRunner(string name, string runner, string command) => new(
        ErrorCode.Conflict, $"service account \"{name}\" is runner \"{runner}\"'s own, and changes with it alone", $"Use: planton runner {command}");
}
