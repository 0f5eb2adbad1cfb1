namespace Planton.EndToEnd.Tests.Installations;

/// <summary>One installation for a class of tests that do each other no harm.</summary>
public sealed class InstallationFixture : IAsyncLifetime
{
    internal PlantonInstallation Installation { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Installation = await PlantonInstallation.StartAsync();

    public ValueTask DisposeAsync() => Installation is null ? ValueTask.CompletedTask : Installation.DisposeAsync();
}
