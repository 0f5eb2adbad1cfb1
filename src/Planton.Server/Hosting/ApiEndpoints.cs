using Planton.Api.Errors;
using Planton.Server.ApiKeys;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Connections;
using Planton.Server.Credentials;
using Planton.Server.DefaultRunners;
using Planton.Server.Environments;
using Planton.Server.Errors;
using Planton.Server.Members;
using Planton.Server.Organizations;
using Planton.Server.References;
using Planton.Server.Routing;
using Planton.Server.RunnerGrants;
using Planton.Server.Runners;
using Planton.Server.Secrets;
using Planton.Server.ServiceAccounts;
using Planton.Server.Users;
using Planton.Server.Variables;

namespace Planton.Server.Hosting;

/// <summary>All of <c>/api/v1</c>.</summary>
internal static class ApiEndpoints
{
    public static void MapApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api/v1").RequireAuthorization();
        api.AddEndpointFilter((invocation, next) =>
        {
            var response = invocation.HttpContext.Response;
            // Answers speak of one caller, and some hold secrets.
            response.Headers.CacheControl = "no-store";
            // The status is set before a handler runs only when a parameter could not be read; the handler is then left out.
            return response.StatusCode == StatusCodes.Status400BadRequest
                ? ValueTask.FromResult<object?>(new ErrorResult(UnreadableParameter.Of(invocation.HttpContext)))
                : next(invocation);
        });
        api.MapCaller();
        api.MapOwnKeys();
        api.MapServerInfo();
        api.MapUsers();
        api.MapOrganizations();
        api.MapMembers();
        api.MapServiceAccounts();
        api.MapServiceAccountKeys();
        api.MapRunners();
        api.MapRunnerCredentials();
        api.MapRunnerGrants();
        api.MapDefaultRunners();
        api.MapConnections();
        api.MapDefaultConnections();
        api.MapRoutes();
        api.MapAudit();
        api.MapEnvironments();
        api.MapSecrets();
        api.MapVariables();
        api.MapReferences();
        endpoints.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        // As a RequestDelegate: of any other handler the endpoint generator drops the pattern.
        endpoints.MapFallback("{**path}", NoRouteAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static Task NoRouteAsync(HttpContext context) => context.WriteErrorAsync(new Error(
        ErrorCode.NotFound,
        $"{context.Request.Method} {context.Request.Path} is not a route of this server",
        "The API is described by /openapi/v1.json."));
}
