using Planton.EndToEnd.Tests.Installations;

namespace Planton.EndToEnd.Tests.Trust;

/// <summary>One installation, with a sample cluster, for tests that do each other no harm.</summary>
public sealed class SampleInstallation : IAsyncLifetime
{
    internal PlantonInstallation Installation { get; private set; } = null!;

    /// <summary>Of the sample cluster.</summary>
    internal string Kubeconfig { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Installation = await PlantonInstallation.StartAsync();
        Kubeconfig = (await SampleClusterProgram.StartAsync(Installation)).Kubeconfig;
    }

    public ValueTask DisposeAsync() => Installation is null ? ValueTask.CompletedTask : Installation.DisposeAsync();
}
