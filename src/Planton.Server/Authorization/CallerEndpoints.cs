using Microsoft.EntityFrameworkCore;
using Planton.Api;
using Planton.Api.Identity;
using Planton.Server.Storage;

namespace Planton.Server.Authorization;

internal static class CallerEndpoints
{
    public static void MapCaller(this IEndpointRouteBuilder api) => api
        .MapGet("/me", GetAsync)
        .WithName("GetCaller").WithSummary("Says whom the presented API key belongs to").Produces<Caller>();

    private static async Task<IResult> GetAsync(
        HttpContext http, IDbContextFactory<ControlPlaneContext> contexts, CancellationToken cancellationToken)
    {
        var caller = http.GetCaller();
        return Results.Json(
            new Caller
            {
                Kind = caller.Kind,
                Id = caller.Id,
                Name = caller.Name,
                PlatformOperator = caller.PlatformOperator,
                ApiKeyId = caller.ApiKeyId,
                Organizations = [.. caller.Memberships.Select(m => new OrganizationMembership(m.OrganizationId, m.OrganizationName, m.Role))],
                Runner = caller.RunnerId is { } id ? await ReadRunnerAsync(contexts, id, cancellationToken).ConfigureAwait(false) : null,
            },
            PlantonJson.Default.Caller);
    }

    private static async Task<RunnerReference?> ReadRunnerAsync(
        IDbContextFactory<ControlPlaneContext> contexts, string runnerId, CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        return await (
            from runner in context.Runners
            where runner.Id == runnerId
            join organization in context.Organizations on runner.OrganizationId equals organization.Id into organizations
            from organization in organizations.DefaultIfEmpty()
            select new RunnerReference(runner.Id, runner.Name, organization == null ? null : organization.Name, runner.OrganizationId))
            .SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
    }
}
