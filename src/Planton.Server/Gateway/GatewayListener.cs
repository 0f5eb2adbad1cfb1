using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Planton.Server.Gateway;

internal static class GatewayListener
{
    public static void Configure(ListenOptions listen) => listen.Run(connection =>
    {
        connection.Abort();
        return Task.CompletedTask;
    });
}
