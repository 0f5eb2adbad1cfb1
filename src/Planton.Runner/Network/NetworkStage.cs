namespace Planton.Runner.Network;

/// <summary>How far a call got before it failed.</summary>
internal enum NetworkStage
{
    /// <summary>This runner's own settings (kubeconfig, credential plugin): nothing was dialled.</summary>
    Configuration,
    Dns,
    Connect,
    Proxy,
    Tls,
    TimedOut,

    /// <summary>Connected, and then no sensible answer.</summary>
    Protocol,
}
