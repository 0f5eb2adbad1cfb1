using Planton.Server.Errors;

namespace Planton.Server.Authorization;

internal static class CallerExtensions
{
    /// <summary>The authenticated caller. Only behind <c>RequireAuthorization</c>.</summary>
    public static CallerIdentity GetCaller(this HttpContext context) =>
        context.Features.Get<CallerFeature>()?.Caller
        ?? throw new InvalidOperationException($"{context.Request.Path} is not behind RequireAuthorization");

    /// <summary>Why the request is not authenticated; null when it is, or when authentication was not attempted.</summary>
    public static Error? GetAuthenticationError(this HttpContext context) => context.Features.Get<CallerFeature>()?.Error;
}
