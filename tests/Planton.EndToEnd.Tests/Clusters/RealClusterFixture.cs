namespace Planton.EndToEnd.Tests.Clusters;

/// <summary>One filled cluster for all the tests that only use it. Made by the first that asks, so that they can skip without it.</summary>
public sealed class RealClusterFixture : IAsyncDisposable
{
    private Task<RealCluster>? _made;

    /// <summary>The cluster; a failure to make it is every test's failure, and is not tried again.</summary>
    internal Task<RealCluster> GetAsync() => _made ??= MakeAsync();

    public async ValueTask DisposeAsync()
    {
        if (_made is { IsCompletedSuccessfully: true })
            await (await _made).DisposeAsync();
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
