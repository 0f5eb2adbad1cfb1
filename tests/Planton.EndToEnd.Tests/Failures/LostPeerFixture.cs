using Planton.EndToEnd.Tests.Installations;

namespace Planton.EndToEnd.Tests.Failures;

/// <summary>One server, one runner and a cluster behind it, which every test of the class leaves running.</summary>
public sealed class LostPeerFixture : IAsyncLifetime
{
    internal const string Runner = "alpha";
    internal const string Connection = "prod";

    internal PlantonInstallation Installation { get; private set; } = null!;

    internal RunnerProgram Program { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Installation = await PlantonInstallation.StartAsync();
        var sample = await SampleClusterProgram.StartAsync(Installation);
        Program = await Installation.StartRunnerAsync(Runner, sample.Kubeconfig);
        await Installation.ConnectAsync(Connection, Runner);
    }

    public ValueTask DisposeAsync() => Installation is null ? ValueTask.CompletedTask : Installation.DisposeAsync();
}
