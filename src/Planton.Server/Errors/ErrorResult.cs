namespace Planton.Server.Errors;

/// <summary>An endpoint's answer when it failed.</summary>
internal sealed class ErrorResult(Error error) : IResult
{
    public Error Error { get; } = error;

    public Task ExecuteAsync(HttpContext httpContext) => httpContext.WriteErrorAsync(Error);
}
