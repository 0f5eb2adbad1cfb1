namespace Planton.Server.Quotas;

internal static class QuotaServices
{
    public static IServiceCollection AddQuotas(this IServiceCollection services, QuotaOptions quotas) => services
        .AddSingleton(quotas)
        .AddSingleton<RequestLimiter>()
        .AddSingleton<OperationQuotas>()
        .AddSingleton<StoredBytes>();
}
