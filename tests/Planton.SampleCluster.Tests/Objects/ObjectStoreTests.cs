using System.Text.Json.Nodes;
using SampleCluster.Api;
using SampleCluster.Objects;

namespace Planton.SampleCluster.Tests.Objects;

public sealed class ObjectStoreTests
{
    [Fact]
    public void WhenFull_CreatingIsRefused_AndDeletingMakesRoom()
    {
        var store = Make(new StoreLimits { MaxObjects = 2 });
        Assert.Null(Create(store, "a").Error);
        Assert.Equal(507, Create(store, "b").Error?.Code);
        store.Delete(ResourceTypes.ConfigMaps, "n", "a");
        Assert.Null(Create(store, "b").Error);
    }

    [Fact]
    public void WhenTheHistoryIsOverItsBound_OldVersionsAreForgotten()
    {
        var store = Make(new StoreLimits { MaxChanges = 3 });
        for (var i = 0; i < 10; i++)
            Create(store, $"c{i}");
        Assert.Null(store.Since(2).Changes);
        var (version, changes) = store.Since(store.List(ResourceTypes.ConfigMaps).Version - 2);
        Assert.Equal(2, changes?.Count);
        Assert.Equal(version, changes![^1].Version);
    }

    [Fact]
    public async Task AWaitEndsWithTheNextChange()
    {
        var store = Make(new StoreLimits());
        var waiting = store.WaitAsync(store.List(ResourceTypes.Pods).Version, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        Create(store, "a");
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void AnUpdateCannotChangeWhoAnObjectIs()
    {
        var store = Make(new StoreLimits());
        var before = Create(store, "a").Object!;
        var after = store.Update(ResourceTypes.ConfigMaps, "n", "a", json =>
        {
            json["metadata"] = new JsonObject { ["name"] = "other", ["uid"] = "other", ["labels"] = new JsonObject { ["x"] = "y" } };
            return json;
        }).Object!;
        Assert.Equal(("a", before.Uid, "y"), (after.Json.Text("metadata", "name"), after.Uid, after.Json.Text("metadata", "labels", "x")));
        Assert.Equal("a", before.Json.Text("metadata", "name"));
    }

    [Theory]
    [InlineData("/api/v1/pods", "pods", null, null, null)]
    [InlineData("/api/v1/namespaces/shop/pods", "pods", "shop", null, null)]
    [InlineData("/api/v1/namespaces/shop/pods/a/log", "pods", "shop", "a", "log")]
    [InlineData("/api/v1/namespaces/shop", "namespaces", null, "shop", null)]
    [InlineData("/api/v1/namespaces/shop/status", "namespaces", null, "shop", "status")]
    [InlineData("/apis/apps/v1/namespaces/shop/deployments/a", "deployments", "shop", "a", null)]
    [InlineData("/api/v1/nodes/n", "nodes", null, "n", null)]
    public void PathsNameObjects(string path, string plural, string? space, string? name, string? sub)
    {
        var parsed = ResourcePath.Parse(path);
        Assert.Equal((plural, space, name, sub), (parsed?.Type.Plural, parsed?.Namespace, parsed?.Name, parsed?.Subresource));
    }

    [Theory]
    [InlineData("/api/v1/pods/a")]
    [InlineData("/api/v1/namespaces/shop/nodes")]
    [InlineData("/api/v2/pods")]
    [InlineData("/apis/apps/v1")]
    [InlineData("/")]
    public void OtherPathsNameNothing(string path) => Assert.Null(ResourcePath.Parse(path));

    private static ObjectStore Make(StoreLimits limits)
    {
        var store = new ObjectStore(TimeProvider.System, limits);
        store.Create(ResourceTypes.Namespaces, "", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "n" } });
        return store;
    }

    private static StoreResult Create(ObjectStore store, string name) =>
        store.Create(ResourceTypes.ConfigMaps, "n", new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
}
