using Planton.Api;
using Planton.Api.Organizations;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.Organizations;

internal static class OrganizationEndpoints
{
    public static void MapOrganizations(this IEndpointRouteBuilder api)
    {
        api.MapGet("/organizations", ListAsync)
            .WithName("ListOrganizations").WithSummary("Lists the organizations that the caller is a member of").Produces<ListResponse<Organization>>();
        api.MapPost("/organizations", CreateAsync)
            .WithName("CreateOrganization").WithSummary("Makes an organization whose owner is the caller")
            .Accepts<CreateOrganizationRequest>("application/json").Produces<Organization>(StatusCodes.Status201Created);
        api.MapGet("/organizations/{org}", GetAsync)
            .WithName("GetOrganization").WithSummary("Gets one organization").Produces<Organization>();
        api.MapDelete("/organizations/{org}", DeleteAsync)
            .WithName("DeleteOrganization").WithSummary("Removes an organization that has no runner and no connection")
            .Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext http, OrganizationService organizations, CancellationToken cancellationToken)
    {
        var items = await organizations.ListAsync(OperationContext.Of(http), cancellationToken).ConfigureAwait(false);
        return Results.Json(new ListResponse<Organization>(items), PlantonJson.Default.ListResponseOrganization);
    }

    private static async Task<IResult> GetAsync(HttpContext http, string org, OrganizationService organizations, CancellationToken cancellationToken)
    {
        var result = await organizations.GetAsync(OperationContext.Of(http), org, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.Organization);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, OrganizationService organizations, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(http, PlantonJson.Default.CreateOrganizationRequest).ConfigureAwait(false);
        if (!body.Succeeded)
            return new ErrorResult(body.Error);
        var result = await organizations.CreateAsync(OperationContext.Of(http), body.Value, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.Organization, StatusCodes.Status201Created);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, string org, OrganizationService organizations, CancellationToken cancellationToken)
    {
        var error = await organizations.DeleteAsync(OperationContext.Of(http), org, cancellationToken).ConfigureAwait(false);
        return error.ToNoContent();
    }
}
