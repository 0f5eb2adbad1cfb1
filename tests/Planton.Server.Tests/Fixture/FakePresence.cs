using System.Collections.Concurrent;
using Planton.Api.Runners;
using Planton.Server.Runners;

namespace Planton.Server.Tests.Fixture;

/// <summary>Tunnels that a test says are open.</summary>
internal sealed class FakePresence : IRunnerPresence
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<RunnerTunnel>> _tunnels = new();

    public void Set(string runnerId, params RunnerTunnel[] tunnels) => _tunnels[runnerId] = tunnels;

    public void Clear() => _tunnels.Clear();

    public IReadOnlyList<RunnerTunnel> GetTunnels(string runnerId) => _tunnels.GetValueOrDefault(runnerId) ?? [];
}
