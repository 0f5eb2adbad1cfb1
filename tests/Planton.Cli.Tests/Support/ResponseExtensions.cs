using Microsoft.AspNetCore.Http;

namespace Planton.Cli.Tests.Support;

internal static class ResponseExtensions
{
    public static Task WriteAsJson(this HttpResponse response, string json, int status = 200)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        return response.WriteAsync(json, response.HttpContext.RequestAborted);
    }
}
