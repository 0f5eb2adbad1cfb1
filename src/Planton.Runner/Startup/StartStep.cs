namespace Planton.Runner.Startup;

/// <summary>The steps of starting, in order, as messages name them.</summary>
internal static class StartStep
{
    public const string Settings = "read the settings";
    public const string Credentials = "load credentials";
    public const string Listen = "listen for health checks";
    public const string Tunnel = "establish the tunnel";
    public const string Identity = "authenticate with the control plane";
    public const string Run = "run";
}
