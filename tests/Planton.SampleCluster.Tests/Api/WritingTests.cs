using System.Text.Json.Nodes;
using Planton.Testing;
using SampleCluster.Objects;

namespace Planton.SampleCluster.Tests.Api;

public sealed class WritingTests(RunningSample sample) : IClassFixture<RunningSample>
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    private const string Deployments = "/apis/apps/v1/namespaces/default/deployments";

    [Fact]
    public async Task AConfigMapIsCreatedReadUpdatedAndDeleted()
    {
        var (status, made) = await sample.SendAsync(HttpMethod.Post, ConfigMaps, ConfigMap("life", "a", "1"));
        Assert.Equal(201, status);
        Assert.NotNull(made.Text("metadata", "uid"));
        made["data"]!["a"] = "2";
        (status, var updated) = await sample.SendAsync(HttpMethod.Put, ConfigMaps + "/life", made);
        Assert.Equal((200, "2"), (status, updated.Text("data", "a")));
        Assert.NotEqual(made.Text("metadata", "resourceVersion"), updated.Text("metadata", "resourceVersion"));
        (status, var gone) = await sample.SendAsync(HttpMethod.Delete, ConfigMaps + "/life");
        Assert.Equal((200, "Success", "life"), (status, gone.Text("status"), gone.Text("details", "name")));
        (status, _) = await sample.SendAsync(HttpMethod.Delete, ConfigMaps + "/life");
        Assert.Equal(404, status);
    }

    [Fact]
    public async Task WhenTheNameIsTaken_TheAnswerIs409()
    {
        await sample.SendAsync(HttpMethod.Post, ConfigMaps, ConfigMap("twice", "a", "1"));
        var (status, json) = await sample.SendAsync(HttpMethod.Post, ConfigMaps, ConfigMap("twice", "a", "1"));
        Assert.Equal((409, "AlreadyExists", "configmaps \"twice\" already exists"), (status, json.Text("reason"), json.Text("message")));
    }

    [Fact]
    public async Task WhenTheVersionIsOld_TheUpdateIsAConflict()
    {
        var (_, made) = await sample.SendAsync(HttpMethod.Post, ConfigMaps, ConfigMap("raced", "a", "1"));
        await sample.SendAsync(HttpMethod.Patch, ConfigMaps + "/raced", Data("a", "2"), "application/merge-patch+json");
        var (status, json) = await sample.SendAsync(HttpMethod.Put, ConfigMaps + "/raced", made);
        Assert.Equal((409, "Conflict"), (status, json.Text("reason")));
    }

    [Fact]
    public async Task WhenNothingChanges_TheVersionStays()
    {
        var (_, made) = await sample.SendAsync(HttpMethod.Post, ConfigMaps, ConfigMap("same", "a", "1"));
        var (_, after) = await sample.SendAsync(HttpMethod.Patch, ConfigMaps + "/same", Data("a", "1"), "application/merge-patch+json");
        Assert.Equal(made.Text("metadata", "resourceVersion"), after.Text("metadata", "resourceVersion"));
    }

    [Fact]
    public async Task WhenTheNamespaceIsNotThere_CreatingIs404()
    {
        var (status, json) = await sample.SendAsync(HttpMethod.Post, "/api/v1/namespaces/nowhere/configmaps", ConfigMap("x", "a", "1"));
        Assert.Equal((404, "namespaces \"nowhere\" not found"), (status, json.Text("message")));
    }

    [Fact]
    public async Task WhenThereIsNoName_TheAnswerIs422_AndGenerateNameMakesOne()
    {
        var (status, json) = await sample.SendAsync(HttpMethod.Post, ConfigMaps, new JsonObject { ["metadata"] = new JsonObject() });
        Assert.Equal((422, "Invalid"), (status, json.Text("reason")));
        (status, json) = await sample.SendAsync(
            HttpMethod.Post, ConfigMaps, new JsonObject { ["metadata"] = new JsonObject { ["generateName"] = "made-" } });
        Assert.Equal(201, status);
        Assert.StartsWith("made-", json.Text("metadata", "name"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/vnd.kubernetes.protobuf", 415)]
    [InlineData("application/json", 400)]
    public async Task WhenTheBodyIsNotJson_ItIsRefused(string mediaType, int expected)
    {
        using var content = new ByteArrayContent("k8s\0"u8.ToArray());
        content.Headers.ContentType = new(mediaType);
        using var response = await sample.Http.PostAsync(new Uri(ConfigMaps, UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(expected, (int)response.StatusCode);
    }

    [Fact]
    public async Task ADryRunChangesNothing()
    {
        var (status, _) = await sample.SendAsync(HttpMethod.Post, ConfigMaps + "?dryRun=All", ConfigMap("dry", "a", "1"));
        Assert.Equal(201, status);
        (status, _) = await sample.SendAsync(HttpMethod.Get, ConfigMaps + "/dry");
        Assert.Equal(404, status);
        await sample.SendAsync(HttpMethod.Post, ConfigMaps, ConfigMap("wet", "a", "1"));
        await sample.SendAsync(HttpMethod.Delete, ConfigMaps + "/wet?dryRun=All");
        Assert.Equal("wet", (await sample.GetAsync(ConfigMaps + "/wet")).Text("metadata", "name"));
    }

    [Fact]
    public async Task AServerSideApplyCreatesThenMerges()
    {
        var (status, _) = await sample.SendAsync(HttpMethod.Patch, ConfigMaps + "/applied", ConfigMap("applied", "a", "1"), "application/apply-patch+yaml");
        Assert.Equal(201, status);
        (status, var merged) = await sample.SendAsync(
            HttpMethod.Patch, ConfigMaps + "/applied", ConfigMap("applied", "b", "2"), "application/apply-patch+yaml");
        Assert.Equal((200, "1", "2"), (status, merged.Text("data", "a"), merged.Text("data", "b")));
    }

    [Fact]
    public async Task AJsonPatchIsApplied_AndAFailedTestRefusesIt()
    {
        await sample.SendAsync(HttpMethod.Post, ConfigMaps, ConfigMap("patched", "a", "1"));
        var replace = new JsonObject { ["op"] = "replace", ["path"] = "/data/a", ["value"] = "2" };
        var (status, json) = await sample.SendAsync(
            HttpMethod.Patch, ConfigMaps + "/patched", new JsonArray(replace.DeepClone()), "application/json-patch+json");
        Assert.Equal((200, "2"), (status, json.Text("data", "a")));
        var test = new JsonObject { ["op"] = "test", ["path"] = "/data/a", ["value"] = "1" };
        (status, _) = await sample.SendAsync(
            HttpMethod.Patch, ConfigMaps + "/patched", new JsonArray(test, replace), "application/json-patch+json");
        Assert.Equal(422, status);
    }

    [Fact]
    public async Task ADeploymentGetsAReplicaSetAndRunningPods_AndTakesThemWithIt()
    {
        await sample.SendAsync(HttpMethod.Post, Deployments, Deployment("web", 2));
        await Eventually.BecomesTrueAsync(
            async () => (await sample.GetAsync(Deployments + "/web")).Number("status", "readyReplicas") == 2, "both pods are ready", cancellationToken: TestContext.Current.CancellationToken);
        var pods = (await sample.GetAsync("/api/v1/namespaces/default/pods?labelSelector=app%3Dweb")).Items("items").ToList();
        Assert.All(pods, p => Assert.Equal("Running", p.Text("status", "phase")));

        await sample.SendAsync(HttpMethod.Delete, $"/api/v1/namespaces/default/pods/{pods[0].Text("metadata", "name")}");
        await Eventually.BecomesTrueAsync(
            async () => (await sample.GetAsync("/api/v1/namespaces/default/pods?labelSelector=app%3Dweb")).Items("items")
                .Select(p => p.Text("metadata", "name")).Except(pods.Select(p => p.Text("metadata", "name"))).Count() == 1,
            "the deleted pod is replaced", cancellationToken: TestContext.Current.CancellationToken);

        await sample.SendAsync(HttpMethod.Delete, Deployments + "/web");
        await Eventually.BecomesTrueAsync(
            async () => !(await sample.GetAsync("/api/v1/namespaces/default/pods?labelSelector=app%3Dweb")).Items("items").Any(), "the pods go", cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WhenTheTemplateChanges_ANewReplicaSetTakesOver()
    {
        await sample.SendAsync(HttpMethod.Post, Deployments, Deployment("rolled", 1));
        var patch = JsonNode.Parse("""{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"rolled"}],"containers":[{"name":"rolled","image":"x:2"}]}}}}""");
        var (status, json) = await sample.SendAsync(HttpMethod.Patch, Deployments + "/rolled", patch, "application/strategic-merge-patch+json");
        Assert.Equal((200, 2), (status, json.Number("metadata", "generation")));
        await Eventually.BecomesTrueAsync(
            async () => (await sample.GetAsync("/apis/apps/v1/namespaces/default/replicasets?labelSelector=app%3Drolled")).Items("items")
                .Any(r => r.Number("status", "readyReplicas") == 1 && r["spec"]!["template"]!["spec"].Items("containers").First().Text("image") == "x:2"),
            "the new replica set is ready", cancellationToken: TestContext.Current.CancellationToken);
        await sample.SendAsync(HttpMethod.Delete, Deployments + "/rolled");
    }

    [Fact]
    public async Task WhenANamespaceIsDeleted_WhatIsInItGoes()
    {
        await sample.SendAsync(HttpMethod.Post, "/api/v1/namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "brief" } });
        var (status, _) = await sample.SendAsync(HttpMethod.Post, "/api/v1/namespaces/brief/configmaps", ConfigMap("x", "a", "1"));
        Assert.Equal(201, status);
        await sample.SendAsync(HttpMethod.Delete, "/api/v1/namespaces/brief");
        await Eventually.BecomesTrueAsync(
            async () => !(await sample.GetAsync("/api/v1/namespaces/brief/configmaps")).Items("items").Any(), "its config maps go", cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task ACollectionIsDeletedBySelector()
    {
        var labelled = ConfigMap("swept", "a", "1");
        labelled["metadata"]!["labels"] = new JsonObject { ["sweep"] = "yes" };
        await sample.SendAsync(HttpMethod.Post, ConfigMaps, labelled);
        await sample.SendAsync(HttpMethod.Post, ConfigMaps, ConfigMap("stays", "a", "1"));
        var (status, gone) = await sample.SendAsync(HttpMethod.Delete, ConfigMaps + "?labelSelector=sweep%3Dyes");
        Assert.Equal((200, 1), (status, gone.Items("items").Count()));
        Assert.Equal("stays", (await sample.GetAsync(ConfigMaps + "/stays")).Text("metadata", "name"));
    }

    [Fact]
    public async Task AStatusUpdateTouchesTheStatusAlone()
    {
        var pod = await sample.FirstPodAsync("cart");
        var before = await sample.GetAsync($"/api/v1/namespaces/shop/pods/{pod}");
        var wanted = before.DeepClone();
        wanted["status"]!["message"] = "noted";
        wanted["spec"]!["nodeName"] = "elsewhere";
        var (_, after) = await sample.SendAsync(HttpMethod.Put, $"/api/v1/namespaces/shop/pods/{pod}/status", wanted);
        Assert.Equal(("noted", before.Text("spec", "nodeName")), (after.Text("status", "message"), after.Text("spec", "nodeName")));
    }

    [Theory]
    [InlineData("PUT", "/api/v1/namespaces/default/configmaps")]
    [InlineData("POST", "/api/v1/namespaces/default/configmaps/x")]
    [InlineData("POST", "/api/v1/configmaps")]
    public async Task WhenTheMethodDoesNotFit_TheAnswerIs405(string method, string path)
    {
        var (status, _) = await sample.SendAsync(new HttpMethod(method), path, new JsonObject());
        Assert.Equal(405, status);
    }

    private static JsonObject ConfigMap(string name, string key, string value)
    {
        var json = Data(key, value);
        json["metadata"] = new JsonObject { ["name"] = name };
        return json;
    }

    private static JsonObject Data(string key, string value) => new() { ["data"] = new JsonObject { [key] = value } };

    private static JsonNode Deployment(string name, int replicas) => JsonNode.Parse(
        $$$"""
        {"metadata":{"name":"{{{name}}}"},"spec":{"replicas":{{{replicas}}},"selector":{"matchLabels":{"app":"{{{name}}}"}},
        "template":{"metadata":{"labels":{"app":"{{{name}}}"}},"spec":{"containers":[{"name":"{{{name}}}","image":"x:1"}]} } } }
        """)!;
}
