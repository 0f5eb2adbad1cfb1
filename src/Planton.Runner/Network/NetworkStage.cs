namespace Planton.Runner.Network;

/// <summary>How far a call got before it failed.</summary>
internal enum NetworkStage
{
    /// <summary>This runner's own settings (kubeconfig, credential plugin): nothing was dialled.</summary>
    Configuration,

    /// <summary>What was asked is something that this runner does not do: nothing was dialled.</summary>
    Refused,
    Dns,
    Connect,
    Proxy,
    Tls,
    TimedOut,

    /// <summary>Connected, and then no sensible answer.</summary>
    Protocol,
}
