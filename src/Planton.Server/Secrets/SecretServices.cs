using Planton.Server.Encryption;

namespace Planton.Server.Secrets;

internal static class SecretServices
{
    public static IServiceCollection AddSecrets(this IServiceCollection services)
    {
        services.AddSingleton<OrganizationCipher>();
        services.AddSingleton<SecretCipher>();
        services.AddSingleton<SecretReadOptions>();
        services.AddSingleton<SecretReadLimiter>();
        services.AddSingleton<SecretService>();
        services.AddSingleton<SecretRevealer>();
        return services;
    }
}
