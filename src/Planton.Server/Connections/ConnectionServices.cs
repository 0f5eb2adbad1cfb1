using Planton.Server.Connections.Inline;

namespace Planton.Server.Connections;

internal static class ConnectionServices
{
    public static void AddTargetConnections(this IServiceCollection services)
    {
        services.AddSingleton<ConnectionService>();
        services.AddSingleton<ConnectionCreation>();
        services.AddSingleton<ConnectionEnvironmentService>();
        services.AddSingleton<DefaultConnectionService>();
        services.AddSingleton<ConnectionTestService>();
        services.AddSingleton<ConnectionFinder>();
        services.AddSingleton<ConnectionMaterials>();
    }
}
