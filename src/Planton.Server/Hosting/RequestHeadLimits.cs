using Microsoft.AspNetCore.Http.Features;
using Planton.Api.Errors;
using Planton.Server.Errors;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Hosting;

/// <summary>
/// Refuses a request whose head is larger than every hop behind this server takes. The listener reads more than that, so that the client
/// gets a response and keeps its connection.
/// </summary>
internal sealed class RequestHeadLimits(RequestDelegate next)
{
    /// <summary>What the listener reads of a request line, and of all headers, in bytes.</summary>
    public const int ReadBytes = 4 * HeadLimits.MaxRequestBytes;

    /// <summary>How many headers the listener reads.</summary>
    public const int ReadFields = 8 * HeadLimits.MaxRequestFields;

    public Task InvokeAsync(HttpContext context)
    {
        if (Check(context) is not { } error)
            return next(context);
        // A client that does not read the response must not hold them in memory.
        context.Request.Headers.Clear();
        return context.WriteErrorAsync(error);
    }

    private static Error? Check(HttpContext context)
    {
        var line = context.Request.Method.Length + (context.Features.Get<IHttpRequestFeature>()?.RawTarget.Length ?? 0);
        if (line > HeadLimits.MaxRequestBytes)
            return new Error(ErrorCode.UriTooLong, $"the request's target has {line} bytes, and {HeadLimits.MaxRequestBytes} is the most with all headers. Nothing was sent");
        long bytes = line;
        var fields = 0;
        foreach (var (name, values) in context.Request.Headers)
        {
            foreach (var value in values)
            {
                bytes += name.Length + (value?.Length ?? 0);
                fields++;
            }
        }

        if (fields > HeadLimits.MaxRequestFields)
            return TooLarge($"the request has {fields} headers, and {HeadLimits.MaxRequestFields} is the most");
        return bytes > HeadLimits.MaxRequestBytes
            ? TooLarge($"the request's line and headers have {bytes} bytes, and {HeadLimits.MaxRequestBytes} is the most")
            : null;
    }

    private static Error TooLarge(string detail) => new(ErrorCode.HeadersTooLarge, $"{detail}. Nothing was sent");
}
