using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Planton.Server.ApiKeys;

internal static class ApiKeyServices
{
    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeyOwnerCache>();
        services.AddSingleton<ApiKeyVerifier>();
        services.AddSingleton<ApiKeyUsage>();
        services.AddHostedService(provider => provider.GetRequiredService<ApiKeyUsage>());
        services.AddSingleton<OwnKeyService>();
        services.AddSingleton<AuthenticationFailures>();
        services.AddSingleton<KnownKeyIds>();
        services.AddHostedService(provider => provider.GetRequiredService<AuthenticationFailures>());
        // Not AddAuthentication: it brings data protection, which leaves keys in the home folder that nothing here uses.
        services.AddAuthenticationCore(authentication => authentication.DefaultScheme = ApiKeyAuthenticationHandler.SchemeName);
        services.AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, ApiKeyAuthenticationHandler>(ApiKeyAuthenticationHandler.SchemeName, null);
        // What does not say otherwise needs a key: a forgotten attribute must not open an endpoint.
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        return services;
    }
}
