using Planton.Api;
using Planton.Api.Users;
using Planton.Server.Authorization;
using Planton.Server.Encryption;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.Users;

internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        var users = api.MapGroup("/users");
        users.MapGet("", ListAsync)
            .WithName("ListUsers").WithSummary("Lists every user").Produces<ListResponse<User>>();
        users.MapPost("", CreateAsync)
            .WithName("CreateUser").WithSummary("Makes a user with a first key, which is in this answer alone")
            .Accepts<CreateUserRequest>("application/json").Produces<CreateUserResponse>(StatusCodes.Status201Created);
        users.MapDelete("/{name}", DeleteAsync)
            .WithName("DeleteUser").WithSummary("Removes a user with keys and memberships; what is under way with them is cut")
            .Produces(StatusCodes.Status204NoContent);
        users.MapPost("/{name}/suspend", SuspendAsync)
            .WithName("SuspendUser").WithSummary("Refuses every key of a user until they are resumed; what is in flight with them is aborted")
            .Produces<SuspendUserResponse>();
        users.MapPost("/{name}/resume", ResumeAsync)
            .WithName("ResumeUser").WithSummary("Ends a user's suspension").Produces<User>();
        users.MapPost("/{name}/revoke-keys", RevokeKeysAsync)
            .WithName("RevokeUserKeys").WithSummary("Revokes every key of a user; what is in flight with them is aborted")
            .Produces<RevokeUserKeysResponse>();
    }

    private static async Task<IResult> ListAsync(HttpContext http, UserService users, CancellationToken cancellationToken)
    {
        var result = await users.ListAsync(OperationContext.Of(http), cancellationToken).ConfigureAwait(false);
        return result.Succeeded
            ? Results.Json(new ListResponse<User>(result.Value), PlantonJson.Default.ListResponseUser)
            : new ErrorResult(result.Error);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, UserService users, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(http, PlantonJson.Default.CreateUserRequest).ConfigureAwait(false);
        if (!body.Succeeded)
            return new ErrorResult(body.Error);
        var result = await users.CreateAsync(OperationContext.Of(http), body.Value, cancellationToken).ConfigureAwait(false);
        return result.Succeeded
            ? new SecretAnswer<CreateUserResponse>(
                result.Value.Answer, PlantonJson.Default.CreateUserResponse, result.Value.Key.Secrets, StatusCodes.Status201Created)
            : new ErrorResult(result.Error);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, string name, UserService users, CancellationToken cancellationToken) =>
        (await users.DeleteAsync(OperationContext.Of(http), name, cancellationToken).ConfigureAwait(false)).ToNoContent();

    private static async Task<IResult> SuspendAsync(HttpContext http, string name, UserSuspension users, CancellationToken cancellationToken) =>
        (await users.SuspendAsync(OperationContext.Of(http), name, cancellationToken).ConfigureAwait(false)).ToJson(PlantonJson.Default.SuspendUserResponse);

    private static async Task<IResult> ResumeAsync(HttpContext http, string name, UserSuspension users, CancellationToken cancellationToken) =>
        (await users.ResumeAsync(OperationContext.Of(http), name, cancellationToken).ConfigureAwait(false)).ToJson(PlantonJson.Default.User);

    private static async Task<IResult> RevokeKeysAsync(HttpContext http, string name, UserSuspension users, CancellationToken cancellationToken) =>
        (await users.RevokeKeysAsync(OperationContext.Of(http), name, cancellationToken).ConfigureAwait(false)).ToJson(PlantonJson.Default.RevokeUserKeysResponse);
}
