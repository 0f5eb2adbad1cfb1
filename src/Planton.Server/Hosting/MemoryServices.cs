using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Planton.Server.Hosting;

internal static class MemoryServices
{
    /// <summary>Puts <see cref="ClearedMemoryPoolFactory"/> around the web server's own, which must be registered already.</summary>
    public static void AddClearedMemoryPools(this IServiceCollection services)
    {
        var own = services.Last(service => service.ServiceType == typeof(IMemoryPoolFactory<byte>)).ImplementationFactory!;
        services.Replace(ServiceDescriptor.Singleton<IMemoryPoolFactory<byte>>(provider =>
            new ClearedMemoryPoolFactory((IMemoryPoolFactory<byte>)own(provider))));
    }
}
