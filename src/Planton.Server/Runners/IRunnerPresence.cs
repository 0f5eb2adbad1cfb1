using Planton.Api.Runners;

namespace Planton.Server.Runners;

/// <summary>Which tunnels are open now.</summary>
internal interface IRunnerPresence
{
    /// <summary>The live tunnels of a runner, ready and draining; empty when it is not connected.</summary>
    IReadOnlyList<RunnerTunnel> GetTunnels(string runnerId);
}
