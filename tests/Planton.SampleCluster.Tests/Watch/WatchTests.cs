using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace Planton.SampleCluster.Tests.Watch;

public sealed class WatchTests(RunningSample sample) : IClassFixture<RunningSample>
{
    private const string ConfigMaps = "/api/v1/namespaces/kube-system/configmaps";
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    [Fact]
    public async Task FromAVersion_OnlyLaterChangesCome()
    {
        var version = (await sample.GetAsync(ConfigMaps)).Text("metadata", "resourceVersion");
        await CreateAsync("later", "x");
        using var watch = await WatchedEvents.OpenAsync(sample, $"{ConfigMaps}?watch=true&resourceVersion={version}&fieldSelector=metadata.name%3Dlater");
        Assert.Equal(("ADDED", "later"), Name(await watch.NextAsync()));
        await sample.SendAsync(HttpMethod.Patch, ConfigMaps + "/later", JsonNode.Parse("""{"data":{"a":"2"}}"""), "application/merge-patch+json");
        Assert.Equal(("MODIFIED", "later"), Name(await watch.NextAsync()));
        await sample.SendAsync(HttpMethod.Delete, ConfigMaps + "/later");
        Assert.Equal(("DELETED", "later"), Name(await watch.NextAsync()));
    }

    [Fact]
    public async Task WhenAnObjectCeasesToMatch_ItIsDeletedForThisWatch()
    {
        await CreateAsync("labelled", "yes");
        using var watch = await WatchedEvents.OpenAsync(sample, ConfigMaps + "?watch=true&labelSelector=pick%3Dyes");
        Assert.Equal(("ADDED", "labelled"), Name(await watch.NextAsync()));
        await sample.SendAsync(
            HttpMethod.Patch, ConfigMaps + "/labelled", JsonNode.Parse("""{"metadata":{"labels":{"pick":"no"}}}"""), "application/merge-patch+json");
        Assert.Equal(("DELETED", "labelled"), Name(await watch.NextAsync()));
        await sample.SendAsync(
            HttpMethod.Patch, ConfigMaps + "/labelled", JsonNode.Parse("""{"metadata":{"labels":{"pick":"yes"}}}"""), "application/merge-patch+json");
        Assert.Equal(("ADDED", "labelled"), Name(await watch.NextAsync()));
    }

    [Fact]
    public async Task InitialEventsEndWithABookmarkThatSaysSo()
    {
        using var watch = await WatchedEvents.OpenAsync(
            sample, "/api/v1/namespaces?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        for (var i = 0; i < 3; i++)
            Assert.Equal("ADDED", (await watch.NextAsync()).Text("type"));
        var bookmark = await watch.NextAsync();
        Assert.Equal("BOOKMARK", bookmark.Text("type"));
        Assert.Equal("true", bookmark.Text("object", "metadata", "annotations", "k8s.io/initial-events-end"));
    }

    [Fact]
    public async Task InTables_OnlyTheFirstEventHasHeadings()
    {
        using var watch = await WatchedEvents.OpenAsync(sample, "/api/v1/namespaces?watch=true", Table);
        var first = await watch.NextAsync();
        var second = await watch.NextAsync();
        Assert.Equal("Table", first.Text("object", "kind"));
        Assert.Equal(3, first.Items("object", "columnDefinitions").Count());
        Assert.Empty(second.Items("object", "columnDefinitions"));
        Assert.Single(second.Items("object", "rows"));
    }

    [Fact]
    public async Task WhenItsTimeIsOver_TheStreamEndsWell()
    {
        using var watch = await WatchedEvents.OpenAsync(sample, "/api/v1/nodes?watch=true&timeoutSeconds=1");
        await watch.NextAsync();
        await watch.NextAsync();
        Assert.Null(await watch.NextOrEndAsync());
    }

    [Fact]
    public async Task WhenTheHistoryIsForgotten_TheWatchEndsWith410()
    {
        await using var small = new RunningSample { Limits = new StoreLimits { MaxChanges = 5 } };
        await small.InitializeAsync();
        using var watch = await WatchedEvents.OpenAsync(small, "/api/v1/pods?watch=true&resourceVersion=1");
        var expired = await watch.NextAsync();
        Assert.Equal(("ERROR", 410, "Expired"), (expired.Text("type"), expired.Number("object", "code"), expired.Text("object", "reason")));
        Assert.Null(await watch.NextOrEndAsync());
    }

    private static (string?, string?) Name(JsonNode change) => (change.Text("type"), change.Text("object", "metadata", "name"));

    private async Task CreateAsync(string name, string pick) => await sample.SendAsync(HttpMethod.Post, ConfigMaps, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["pick"] = pick } },
    });
}
