using System.Reflection;

namespace Planton.Server.Hosting;

internal static class ServerVersion
{
    /// <summary>The version of this build, with the commit when it is known.</summary>
    public static string Current { get; } =
        typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
