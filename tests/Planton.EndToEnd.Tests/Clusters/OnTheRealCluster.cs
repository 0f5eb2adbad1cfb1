namespace Planton.EndToEnd.Tests.Clusters;

/// <summary>The tests that share <see cref="RealClusterFixture"/>.</summary>
[CollectionDefinition(Name)]
public sealed class OnTheRealCluster : ICollectionFixture<RealClusterFixture>
{
    public const string Name = "a real cluster";
}
