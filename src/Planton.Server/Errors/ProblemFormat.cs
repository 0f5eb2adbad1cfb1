using System.Text.Json;
using Planton.Api;
using Planton.Api.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.Errors;

/// <summary>RFC 9457 problem details: the one mapper from errors to the API's answers.</summary>
internal sealed class ProblemFormat : IErrorFormat
{
    public const string MediaType = "application/problem+json";

    public static ProblemFormat Instance { get; } = new();

    public static Problem ToProblem(Error error, string operationId) => new()
    {
        Type = $"urn:planton:error:{error.Code}",
        Title = Title(error.Code),
        Status = ErrorStatus.ToHttpStatus(error.Code),
        Code = error.Code,
        Detail = error.Detail,
        Hint = error.Hint,
        OperationId = operationId,
        Errors = error.Fields,
    };

    public Task WriteAsync(HttpContext context, Error error)
    {
        var problem = ToProblem(error, context.GetOperationId());
        context.Response.StatusCode = problem.Status;
        context.Response.ContentType = MediaType;
        return JsonSerializer.SerializeAsync(
            context.Response.Body, problem, PlantonJson.Default.Problem, context.RequestAborted);
    }

    private static string Title(string code) => code switch
    {
        ErrorCode.NoRunnerAvailable => "No runner is available",
        ErrorCode.RunnerUnreachable => "The runner is not connected",
        ErrorCode.RunnerLost => "The tunnel broke during the operation",
        ErrorCode.RunnerBusy => "The runner is busy",
        ErrorCode.ConnectionNotFound => "The connection was not found",
        ErrorCode.RunnerNotFound => "The runner was not found",
        ErrorCode.OrganizationNotFound => "The organization was not found",
        ErrorCode.NotFound => "Not found",
        ErrorCode.Unauthenticated => "Not authenticated",
        ErrorCode.PermissionDenied => "Not allowed",
        ErrorCode.InvalidArgument => "The request is not valid",
        ErrorCode.AlreadyExists => "It exists already",
        ErrorCode.Conflict => "Its state does not allow this",
        ErrorCode.TargetUnreachable => "The target could not be reached",
        ErrorCode.RefusedByRunner => "The runner refused",
        ErrorCode.RateLimited => "Too many requests",
        ErrorCode.QuotaExceeded => "A quota is used up",
        ErrorCode.Unavailable => "The control plane is not available",
        _ => "The control plane failed",
    };
}
