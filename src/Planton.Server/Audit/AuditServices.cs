namespace Planton.Server.Audit;

internal static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditHeadSigner>();
        services.AddSingleton<AuditMark>();
        services.AddSingleton<AuditRollbackCheck>();
        services.AddSingleton<AuditChain>();
        services.AddSingleton<AuditTrailOpener>();
        services.AddSingleton<AuditVerifier>();
        services.AddSingleton<AuditService>();
        services.AddSingleton<IAuditLog, AuditLog>();
        return services;
    }
}
