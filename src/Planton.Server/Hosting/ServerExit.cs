namespace Planton.Server.Hosting;

/// <summary>Exit codes of <c>planton-server</c>.</summary>
internal static class ServerExit
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Configuration = 2;
}
