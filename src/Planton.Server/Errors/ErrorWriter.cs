using System.Globalization;

namespace Planton.Server.Errors;

internal static class ErrorWriter
{
    /// <summary>Answers with <paramref name="error"/> in the format of the endpoint.</summary>
    public static Task WriteErrorAsync(this HttpContext context, Error error)
    {
        if (error.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return (context.GetEndpoint()?.Metadata.GetMetadata<IErrorFormat>() ?? ProblemFormat.Instance).WriteAsync(context, error);
    }
}
