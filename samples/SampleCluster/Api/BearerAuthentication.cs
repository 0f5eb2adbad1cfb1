using System.Security.Cryptography;
using System.Text;

namespace SampleCluster.Api;

/// <summary>One bearer token for everything but the health checks.</summary>
internal sealed class BearerAuthentication(RequestDelegate next, string token)
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _expected = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public Task InvokeAsync(HttpContext context) =>
        IsHealthCheck(context.Request.Path) || Presents(context.Request.Headers.Authorization.ToString())
            ? next(context)
            : context.Response.WriteStatusAsync(ApiStatus.Unauthorized, context.RequestAborted);

    private static bool IsHealthCheck(PathString path) => path.Value is "/healthz" or "/livez" or "/readyz";

    private bool Presents(string header) =>
        header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim())), _expected);
}
