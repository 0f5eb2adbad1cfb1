using SampleCluster.Objects;

namespace Planton.SampleCluster.Tests.Api;

public sealed class DiscoveryTests(RunningSample sample) : IClassFixture<RunningSample>
{
    [Fact]
    public async Task LegacyDiscoveryNamesGroupsAndResources()
    {
        Assert.Equal("APIVersions", (await sample.GetAsync("/api")).Text("kind"));
        var groups = (await sample.GetAsync("/apis")).Items("groups").Select(g => g.Text("name")).ToList();
        Assert.Equal(["apps", "discovery.k8s.io", "authorization.k8s.io"], groups);
        var core = await sample.GetAsync("/api/v1");
        var pods = core.Items("resources").Single(r => r.Text("name") == "pods");
        Assert.Equal(("Pod", "pod", true), (pods.Text("kind"), pods.Text("singularName"), pods.Flag("namespaced")));
        Assert.Equal("po", pods["shortNames"]![0]!.GetValue<string>());
        Assert.Contains(core.Items("resources"), r => r.Text("name") == "pods/exec");
        Assert.Equal("apps/v1", (await sample.GetAsync("/apis/apps/v1")).Text("groupVersion"));
        Assert.Equal("APIGroup", (await sample.GetAsync("/apis/apps")).Text("kind"));
    }

    [Theory]
    [InlineData("v2")]
    [InlineData("v2beta1")]
    public async Task AggregatedDiscoveryIsAnsweredWhenAskedFor(string version)
    {
        var type = $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList";
        using var request = new HttpRequestMessage(HttpMethod.Get, "/apis");
        request.Headers.TryAddWithoutValidation("Accept", type + ",application/json");
        using var response = await sample.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(type, response.Content.Headers.GetValues("Content-Type").Single().Replace("; ", ";", StringComparison.Ordinal));

        var core = await sample.GetAsync("/api", type);
        Assert.Equal($"apidiscovery.k8s.io/{version}", core.Text("apiVersion"));
        var pods = core["items"]![0]!["versions"]![0].Items("resources").Single(r => r.Text("resource") == "pods");
        Assert.Equal(("Namespaced", "Pod"), (pods.Text("scope"), pods.Text("responseKind", "kind")));
    }

    [Fact]
    public async Task TheVersionSaysThatItIsASample() =>
        Assert.Equal("v1.32.0+sample", (await sample.GetAsync("/version")).Text("gitVersion"));

    [Fact]
    public async Task AnAccessReviewIsAllowed()
    {
        var (status, review) = await sample.SendAsync(
            HttpMethod.Post, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            new System.Text.Json.Nodes.JsonObject { ["spec"] = new System.Text.Json.Nodes.JsonObject() });
        Assert.Equal((201, true), (status, review.Flag("status", "allowed")));
    }

    [Fact]
    public async Task OpenApiStatesThatFieldsAreValidatedByTheServer()
    {
        var index = await sample.GetAsync("/openapi/v3");
        var url = index.Text("paths", "api/v1", "serverRelativeURL")!;
        var patch = (await sample.GetAsync(url)).Object("paths", "/api/v1/namespaces/{namespace}/configmaps/{name}", "patch");
        Assert.Contains(patch.Items("parameters"), p => p.Text("name") == "fieldValidation");
        Assert.Equal("2.0", (await sample.GetAsync("/openapi/v2")).Text("swagger"));
    }
}
