using Planton.Api.Runners;

namespace Planton.Server.Runners;

/// <summary>The presence of a control plane without a gateway: nobody is connected.</summary>
internal sealed class NoRunnerPresence : IRunnerPresence
{
    public IReadOnlyList<RunnerTunnel> GetTunnels(string runnerId) => [];
}
