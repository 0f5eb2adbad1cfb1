namespace Planton.EndToEnd.Tests.Installations;

/// <summary>One installation, and one sample cluster for the runners that each test of a class starts.</summary>
public sealed class SampleInstallationFixture : IAsyncLifetime
{
    internal PlantonInstallation Installation { get; private set; } = null!;

    internal SampleClusterProgram Sample { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Installation = await PlantonInstallation.StartAsync();
        Sample = await SampleClusterProgram.StartAsync(Installation);
    }

    public ValueTask DisposeAsync() => Installation is null ? ValueTask.CompletedTask : Installation.DisposeAsync();
}
