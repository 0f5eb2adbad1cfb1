using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Planton.Runner.Tests.Fixtures;

/// <summary>A request as a target saw it.</summary>
internal sealed record SeenRequest(string Method, string RawTarget, string Protocol, Dictionary<string, string> Headers, string? ClientName)
{
    public static SeenRequest Of(HttpContext context) => new(
        context.Request.Method,
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
        context.Request.Protocol,
        context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        context.Connection.ClientCertificate?.GetNameInfo(X509NameType.SimpleName, false));

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
