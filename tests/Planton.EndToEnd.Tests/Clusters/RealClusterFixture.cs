namespace Planton.EndToEnd.Tests.Clusters;

/// <summary>
/// One filled cluster for every class that only uses it: <c>[assembly: AssemblyFixture(typeof(RealClusterFixture))]</c>. Made by the
/// first test that needs it, so that the tests can skip without a cluster.
/// </summary>
public sealed class RealClusterFixture : IAsyncDisposable
{
    private readonly Lazy<Task<RealCluster>> _made = new(MakeAsync);

    /// <summary>The cluster; a failure to make it fails every test, and is not tried again.</summary>
    internal Task<RealCluster> GetAsync() => _made.Value;

    public async ValueTask DisposeAsync()
    {
        if (_made is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } made })
            await (await made).DisposeAsync();
    }

    private static async Task<RealCluster> MakeAsync()
    {
        var cluster = await RealCluster.StartAsync();
        try
        {
            await cluster.FillAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }
}
