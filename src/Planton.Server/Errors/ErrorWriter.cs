using System.Globalization;

namespace Planton.Server.Errors;

internal static class ErrorWriter
{
    /// <summary>Answers with <paramref name="error"/> in the format of the endpoint.</summary>
    public static Task WriteErrorAsync(this HttpContext context, Error error)
    {
        if (error.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return (context.GetEndpoint()?.Metadata.GetMetadata<IErrorFormat>() ?? ProblemFormat.Instance).WriteAsync(context, error);
    }
}
