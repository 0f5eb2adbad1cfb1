namespace Planton.Server.Hosting;

/// <summary>The id under which the audit trail, the logs and the client know one request.</summary>
internal static class OperationId
{
    public const string HeaderName = "Planton-Operation-Id";

    /// <summary>The id of this request; the same as its <see cref="HttpContext.TraceIdentifier"/>.</summary>
    public static string GetOperationId(this HttpContext context) => context.TraceIdentifier;

    /// <summary>Gives every request an id of ours, never the client's, and tells it to the client.</summary>
    public static void UseOperationIds(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var id = Guid.CreateVersion7().ToString("D");
        context.TraceIdentifier = id;
        context.Response.Headers[HeaderName] = id;
        return next(context);
    });
}
