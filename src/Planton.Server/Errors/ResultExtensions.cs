using System.Text.Json.Serialization.Metadata;

namespace Planton.Server.Errors;

/// <summary>From a service's result to an endpoint's answer.</summary>
internal static class ResultExtensions
{
    public static IResult ToJson<T>(this Result<T> result, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
        where T : notnull =>
        result.Succeeded ? Results.Json(result.Value, type, statusCode: status) : new ErrorResult(result.Error);

    public static IResult ToNoContent(this Error? error) => error is null ? Results.NoContent() : new ErrorResult(error);
}
