using System.Reflection;

namespace Planton.Cli.Versions;

/// <summary>This program's version.</summary>
internal static class ClientVersion
{
    public static string Text { get; } =
        typeof(ClientVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
