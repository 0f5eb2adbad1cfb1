using Microsoft.EntityFrameworkCore;
using Planton.Api.Identity;
using Planton.Api.RunnerGrants;
using Planton.Server.Authorization;
using Planton.Server.Connections;
using Planton.Server.Runners;
using Planton.Server.Storage;

namespace Planton.Server.RunnerGrants;

/// <summary>Grants as the API and the audit trail show them.</summary>
internal static class RunnerGrantQueries
{
    public static async Task<List<RunnerGrant>> ViewAsync(ControlPlaneContext context, RunnerEntity runner, CancellationToken cancellationToken)
    {
        var rows = await (
            from grant in context.RunnerGrants.AsNoTracking()
            where grant.RunnerId == runner.Id
            join organization in context.Organizations on grant.OrganizationId equals organization.Id
            join user in context.Users on grant.CreatedById equals user.Id into users
            from user in users.DefaultIfEmpty()
            orderby organization.Name, grant.Id
            select new { Grant = grant, Organization = organization.Name, By = user == null ? grant.CreatedById : user.Name })
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return rows.ConvertAll(row => View(row.Grant, runner.Name, row.Organization, row.By));
    }

    public static RunnerGrant View(RunnerGrantEntity grant, string runner, string organization, string by) => new()
    {
        Id = grant.Id,
        Runner = runner,
        Organization = organization,
        Mode = grant.Mode,
        KubeContexts = grant.KubeContexts,
        AllowCidrs = grant.AllowCidrs,
        CreatedAt = grant.CreatedAt,
        CreatedBy = new Actor(CallerKind.User, by),
    };

    public static string Describe(RunnerGrantEntity grant) => grant.Mode switch
    {
        ConnectionAuthMode.Inline => $"inline, {string.Join(", ", grant.AllowCidrs)}",
        _ when grant.KubeContexts.Count == 0 => "runner, its current context",
        _ => $"runner, contexts {string.Join(", ", grant.KubeContexts)}",
    };
}
