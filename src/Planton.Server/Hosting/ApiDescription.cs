using Planton.Api;

namespace Planton.Server.Hosting;

/// <summary><c>/openapi/v1.json</c>.</summary>
internal static class ApiDescription
{
    public static IServiceCollection AddApiDescription(this IServiceCollection services)
    {
        // The same JSON as the typed client: its names, and no reflection.
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, PlantonJson.Default));
        return services.AddOpenApi("v1", openApi => openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Planton control plane";
            document.Info.Version = "v1";
            document.Info.Description = "Authenticate with Authorization: Bearer pck_… Errors are RFC 9457 problem details.";
            // Which server answers is known to whoever reads this; the address it was asked by is not always the one to use.
            document.Servers = [];
            return Task.CompletedTask;
        }));
    }
}
