using Planton.Server.Quotas;

namespace Planton.Server.Audit;

internal static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditHeadSigner>();
        services.AddSingleton<AuditChain>();
        services.AddSingleton<AuditTrailOpener>();
        services.AddSingleton<AuditVerifier>();
        services.AddSingleton<AuditService>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<IAuditLog>(provider => provider.GetRequiredService<AuditLog>());
        return services;
    }

    /// <summary>For a server, which others ask: bounds what denials write.</summary>
    public static IServiceCollection AddAuditDenials(this IServiceCollection services)
    {
        services.AddSingleton(provider => new AuditDenials(
            provider.GetRequiredService<AuditLog>(), provider.GetRequiredService<QuotaOptions>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AuditDenials>>()));
        services.AddSingleton<IAuditLog>(provider => provider.GetRequiredService<AuditDenials>());
        services.AddHostedService(provider => provider.GetRequiredService<AuditDenials>());
        return services;
    }
}
