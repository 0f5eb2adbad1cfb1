namespace Planton.EndToEnd.Tests.Clusters;

/// <summary>A test of the shared cluster. With the trait, <c>-trait Category=Cluster</c> runs these alone, and the cluster can be stopped after them.</summary>
[Trait("Category", "Cluster")]
public abstract class RealClusterTest(RealClusterFixture fixture) : IAsyncLifetime
{
    internal RealCluster Cluster { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Cluster = await fixture.GetAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
