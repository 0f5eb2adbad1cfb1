using System.Reflection;

namespace Planton.Runner.Startup;

internal static class RunnerVersion
{
    /// <summary>Without the commit that builds append after a plus sign.</summary>
    public static string Current { get; } =
        (typeof(RunnerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0").Split('+')[0];
}
