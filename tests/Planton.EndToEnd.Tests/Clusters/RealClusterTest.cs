namespace Planton.EndToEnd.Tests.Clusters;

/// <summary>A test of the shared cluster.</summary>
[Collection(OnTheRealCluster.Name)]
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
