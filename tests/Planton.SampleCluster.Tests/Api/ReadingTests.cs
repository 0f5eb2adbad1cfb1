using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace Planton.SampleCluster.Tests.Api;

public sealed class ReadingTests(RunningSample sample) : IClassFixture<RunningSample>
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("wrong-token-wrong-token")]
    public async Task WhenTheTokenIsMissingOrWrong_TheAnswerIs401AsAStatus(string? token)
    {
        using var client = sample.MakeClient(token);
        using var response = await client.GetAsync(new Uri("/api/v1/pods", UriKind.Relative), _cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        var status = await response.Content.ReadFromJsonAsync<JsonNode>(_cancel);
        Assert.Equal(("Status", "Unauthorized"), (status.Text("kind"), status.Text("reason")));
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public async Task HealthChecksNeedNoToken(string path)
    {
        using var client = sample.MakeClient(null);
        Assert.Equal("ok", await client.GetStringAsync(new Uri(path, UriKind.Relative), _cancel));
    }

    [Fact]
    public async Task AListHasKindVersionAndItemsInOrder()
    {
        var list = await sample.GetAsync("/api/v1/pods");
        Assert.Equal(("PodList", "v1"), (list.Text("kind"), list.Text("apiVersion")));
        Assert.NotNull(list.Text("metadata", "resourceVersion"));
        var keys = list.Items("items").Select(p => $"{p.Text("metadata", "namespace")}/{p.Text("metadata", "name")}").ToList();
        Assert.True(keys.Count >= 8);
        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
    }

    [Fact]
    public async Task PagesTogetherAreTheWholeList()
    {
        var whole = (await sample.GetAsync("/api/v1/services")).Items("items").Select(i => i.Text("metadata", "uid")).ToList();
        var pages = new List<string?>();
        for (string? next = ""; next is not null;)
        {
            var page = await sample.GetAsync($"/api/v1/services?limit=2&continue={next}");
            Assert.True(page.Items("items").Count() <= 2);
            pages.AddRange(page.Items("items").Select(i => i.Text("metadata", "uid")));
            next = page.Text("metadata", "continue");
            Assert.Equal(next is null ? null : whole.Count - pages.Count, page.Number("metadata", "remainingItemCount"));
        }

        Assert.Equal(whole, pages);
    }

    [Theory]
    [InlineData("/api/v1/pods?continue=%21", 400, "BadRequest")]
    [InlineData("/api/v1/pods?labelSelector=a%3D%3D%3Db%20c", 400, "BadRequest")]
    [InlineData("/api/v1/pods?fieldSelector=spec.bogus%3Db", 400, "BadRequest")]
    [InlineData("/api/v1/namespaces/default/pods/nope", 404, "NotFound")]
    [InlineData("/api/v1/nopes", 404, "NotFound")]
    [InlineData("/apis/nope/v1/things", 404, "NotFound")]
    [InlineData("/apis/nope/v1", 404, "NotFound")]
    [InlineData("/apis/nope", 404, "NotFound")]
    [InlineData("/api/v1/pods/orphan", 404, "NotFound")]
    [InlineData("/nothing", 404, "NotFound")]
    [InlineData("/openapi/v3/apis/nope/v1", 404, "NotFound")]
    public async Task WhatIsWrongIsSaidAsAStatus(string path, int code, string reason)
    {
        var (status, json) = await sample.SendAsync(HttpMethod.Get, path);
        Assert.Equal((code, "Status", "Failure", reason), (status, json.Text("kind"), json.Text("status"), json.Text("reason")));
        Assert.Equal(code, json.Number("code"));
    }

    [Fact]
    public async Task AMissingObjectIsNamedAsKubernetesNamesIt()
    {
        var status = await sample.GetAsync("/apis/apps/v1/namespaces/default/deployments/nope");
        Assert.Equal("deployments.apps \"nope\" not found", status.Text("message"));
        Assert.Equal(("nope", "apps", "deployments"), (status.Text("details", "name"), status.Text("details", "group"), status.Text("details", "kind")));
    }

    [Fact]
    public async Task WhenOnlyProtocolBuffersAreTaken_TheAnswerIs406()
    {
        var (status, _) = await sample.SendAsync(HttpMethod.Get, "/api/v1/pods", accept: "application/vnd.kubernetes.protobuf");
        Assert.Equal(406, status);
    }

    [Theory]
    [InlineData("/api/v1/pods?labelSelector=app%3Dcart", 1)]
    [InlineData("/api/v1/pods?labelSelector=app%20in%20(cart,payments)", 2)]
    [InlineData("/api/v1/namespaces/shop/pods?labelSelector=app!%3Dstorefront", 2)]
    [InlineData("/api/v1/namespaces/shop/pods?fieldSelector=metadata.namespace%3Ddefault", 0)]
    [InlineData("/api/v1/pods?fieldSelector=status.phase%3DPending", 0)]
    [InlineData("/api/v1/namespaces?fieldSelector=metadata.name%3Dshop", 1)]
    [InlineData("/api/v1/events?fieldSelector=involvedObject.kind%3DPod,type%3DWarning", 1)]
    public async Task SelectorsChoose(string path, int count) =>
        Assert.Equal(count, (await sample.GetAsync(path)).Items("items").Count());
}
