using Planton.Server.Members;
using Planton.Server.ServiceAccounts;
using Planton.Server.Users;

namespace Planton.Server.Authorization;

/// <summary>Who there is, what they may do, and what changes that.</summary>
internal static class IdentityServices
{
    public static IServiceCollection AddIdentity(this IServiceCollection services)
    {
        services.AddSingleton<AccessChanges>();
        services.AddSingleton<LiveOperations>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveOperations>());
        services.AddSingleton<UserService>();
        services.AddSingleton<UserSuspension>();
        services.AddSingleton<MemberService>();
        services.AddSingleton<OrganizationRescue>();
        services.AddSingleton<ServiceAccountService>();
        services.AddSingleton<ServiceAccountKeyService>();
        return services;
    }
}
