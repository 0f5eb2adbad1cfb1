using Planton.Api;
using Planton.Api.Members;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.Members;

internal static class MemberEndpoints
{
    public static void MapMembers(this IEndpointRouteBuilder api)
    {
        var members = api.MapGroup("/organizations/{org}/members");
        members.MapGet("", ListAsync)
            .WithName("ListMembers").WithSummary("Lists the users who are members of an organization").Produces<ListResponse<Member>>();
        members.MapPut("/{user}", SetAsync)
            .WithName("SetMember").WithSummary("Adds a user to an organization, or changes the role")
            .Accepts<SetMemberRequest>("application/json").Produces<Member>();
        members.MapDelete("/{user}", RemoveAsync)
            .WithName("RemoveMember").WithSummary("Removes a user from an organization; what is under way there is cut")
            .Produces(StatusCodes.Status204NoContent);
        api.MapDelete("/me/organizations/{org}", LeaveAsync)
            .WithName("LeaveOrganization").WithSummary("Ends the caller's own membership of an organization; what is in flight there is aborted")
            .Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext http, string org, MemberService members, CancellationToken cancellationToken)
    {
        var result = await members.ListAsync(OperationContext.Of(http), org, cancellationToken).ConfigureAwait(false);
        return result.Succeeded
            ? Results.Json(new ListResponse<Member>(result.Value), PlantonJson.Default.ListResponseMember)
            : new ErrorResult(result.Error);
    }

    private static async Task<IResult> SetAsync(HttpContext http, string org, string user, MemberService members, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(http, PlantonJson.Default.SetMemberRequest).ConfigureAwait(false);
        if (!body.Succeeded)
            return new ErrorResult(body.Error);
        var result = await members.SetAsync(OperationContext.Of(http), org, user, body.Value, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.Member);
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, string org, string user, MemberService members, CancellationToken cancellationToken) =>
        (await members.RemoveAsync(OperationContext.Of(http), org, user, cancellationToken).ConfigureAwait(false)).ToNoContent();

    private static async Task<IResult> LeaveAsync(HttpContext http, string org, MemberService members, CancellationToken cancellationToken) =>
        (await members.LeaveAsync(OperationContext.Of(http), org, cancellationToken).ConfigureAwait(false)).ToNoContent();
}
