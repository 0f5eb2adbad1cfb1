using Planton.Api.Connections;
using Planton.Server.Connections;

namespace Planton.Server.Gateway;

internal static class GatewayServices
{
    public static IServiceCollection AddGateway(this IServiceCollection services) =>
        services.AddSingleton<IConnectionTester, NoConnectionTester>();

    private sealed class NoConnectionTester : IConnectionTester
    {
        public Task<ConnectionTest> TestAsync(ConnectionEntity connection, string operationId, CancellationToken cancellationToken) =>
            Task.FromResult(new ConnectionTest(false, []));
    }
}
