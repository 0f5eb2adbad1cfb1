using Microsoft.EntityFrameworkCore;
using Planton.Api;
using Planton.Server.Storage;

namespace Planton.Server.ServiceAccounts;

internal static class ServiceAccountQueries
{
    /// <summary>The service accounts of an organization, those of its runners too.</summary>
    public static IQueryable<ServiceAccountRow> InOrganization(ControlPlaneContext context, string organizationId, DateTimeOffset now) =>
        from account in context.ServiceAccounts
        where account.OrganizationId == organizationId
        join membership in context.Memberships.Where(membership => membership.OrganizationId == organizationId)
            on account.Id equals membership.ServiceAccountId
        join runner in context.Runners on account.RunnerId equals runner.Id into runners
        from runner in runners.DefaultIfEmpty()
        select new ServiceAccountRow
        {
            Account = account,
            Membership = membership,
            Runner = runner == null ? null : runner.Name,
            ValidKeys = context.ApiKeys.Count(
                key => key.ServiceAccountId == account.Id && key.RevokedAt == null && (key.ExpiresAt == null || key.ExpiresAt > now)),
        };

    public static async Task<ServiceAccountRow?> FindAsync(
        ControlPlaneContext context, string organizationId, string name, DateTimeOffset now, CancellationToken cancellationToken) =>
        IsName(name)
            ? await InOrganization(context, organizationId, now).SingleOrDefaultAsync(row => row.Account.Name == name, cancellationToken).ConfigureAwait(false)
            : null;

    // Anything else is no account, and not worth a question to the database.
    private static bool IsName(string name) => Slug.IsValid(
        name.StartsWith(ServiceAccountService.RunnerPrefix, StringComparison.Ordinal) ? name[ServiceAccountService.RunnerPrefix.Length..] : name);
}
