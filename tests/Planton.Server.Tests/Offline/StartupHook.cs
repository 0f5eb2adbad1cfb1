using Planton.Server.Tests.Offline;

/// <summary>
/// Entered before <c>Main</c> by a program that is started with <c>DOTNET_STARTUP_HOOKS</c> naming this assembly. The runtime looks
/// for this name, and looks for it outside of any namespace.
/// </summary>
internal static class StartupHook
{
    public static void Initialize() => KilledRotation.RunInChild();
}
