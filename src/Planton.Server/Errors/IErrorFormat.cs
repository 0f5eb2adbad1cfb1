namespace Planton.Server.Errors;

/// <summary>
/// How errors are written to the clients of an endpoint. Endpoint metadata: without it, <see cref="ProblemFormat"/> is used.
/// </summary>
internal interface IErrorFormat
{
    Task WriteAsync(HttpContext context, Error error);
}
