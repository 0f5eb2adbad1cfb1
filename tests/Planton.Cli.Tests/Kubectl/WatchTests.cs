using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Kubectl;

/// <summary>What a watch prints, in every format.</summary>
public sealed class WatchTests : IDisposable
{
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenEventsAreJson_EachObjectIsPrintedAsItComes()
    {
        await using var server = await StartAsync(KubernetesAnswers.PodList("", "web"), ("MODIFIED", KubernetesAnswers.Pod("web", "Failed")));

        var result = await GetAsync("-w", "-o", "json");

        Assert.Equal(
            """
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {
                    "name": "web"
                }
            }
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {
                    "name": "web"
                },
                "status": {
                    "phase": "Failed"
                }
            }

            """,
            result.Out);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task WhenEventsAreYaml_DocumentsAreSeparated()
    {
        await using var server = await StartAsync(KubernetesAnswers.PodList("", "web"), ("DELETED", KubernetesAnswers.Pod("web", "Failed")));

        var result = await GetAsync("-w", "-o", "yaml");

        Assert.Equal(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
            ---
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
            status:
              phase: Failed

            """,
            result.Out);
    }

    [Fact]
    public async Task WhenTheKindOfEventIsAskedFor_JsonIsOneLineAnEvent()
    {
        await using var server = await StartAsync(KubernetesAnswers.PodList("", "web"), ("DELETED", KubernetesAnswers.Pod("<web>")));

        var result = await GetAsync("-w", "-o", "json", "--output-watch-events");

        Assert.Equal(
            """
            {"object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"}},"type":"ADDED"}
            {"object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"\u003cweb\u003e"},"status":{"phase":"Running"}},"type":"DELETED"}

            """,
            result.Out,
            ignoreLineEndingDifferences: false);
    }

    [Fact]
    public async Task WhenTheKindOfEventIsAskedForInYaml_ObjectAndTypeAreTheDocument()
    {
        await using var server = await StartAsync(KubernetesAnswers.PodList(""), ("ADDED", KubernetesAnswers.Pod("web")), ("DELETED", KubernetesAnswers.Pod("web")));

        var result = await GetAsync("-w", "-o", "yaml", "--output-watch-events");

        var documents = result.Out.Split("---\n");
        Assert.Equal(2, documents.Length);
        Assert.Equal("object:\n  apiVersion: v1\n  kind: Pod\n  metadata:\n    name: web\n  status:\n    phase: Running\ntype: ADDED\n", documents[0]);
        Assert.EndsWith("type: DELETED\n", documents[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenNamesAreAskedFor_EveryChangeIsALine()
    {
        await using var server = await StartAsync(KubernetesAnswers.PodList("", "a", "b"), ("MODIFIED", KubernetesAnswers.Pod("b")), ("ADDED", KubernetesAnswers.Pod("c")));

        Assert.Equal("pod/a\npod/b\npod/b\npod/c\n", (await GetAsync("-w", "-o", "name")).Out);
    }

    [Fact]
    public async Task WhenManagedFieldsAreAskedFor_TheyStayInEvents()
    {
        await using var server = await StartAsync(KubernetesAnswers.PodList(""), ("ADDED", KubernetesAnswers.Pod("web")));

        Assert.DoesNotContain("managedFields", (await GetAsync("-w", "-o", "json")).Out, StringComparison.Ordinal);
        Assert.Contains("managedFields", (await GetAsync("-w", "-o", "json", "--show-managed-fields")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenOnlyChangesAreWatched_TheListIsNotShown()
    {
        await using var server = await StartAsync(KubernetesAnswers.Table("old"), ("ADDED", KubernetesAnswers.Table("new")));

        Assert.Equal("NAME\nnew\n", (await GetAsync("--watch-only")).Out);
    }

    [Fact]
    public async Task WhenTheKindOfEventIsAskedFor_ItIsTheFirstColumn()
    {
        await using var server = await StartAsync(KubernetesAnswers.Table("web"), ("DELETED", KubernetesAnswers.Table("web")));

        Assert.Equal("EVENT      NAME\nADDED      web\nDELETED    web\n", (await GetAsync("-w", "--output-watch-events")).Out);
    }

    [Fact]
    public async Task WhenOneObjectIsWatched_TheListsFirstEventIsNotShownTwice()
    {
        await using var server = await FakeControlPlane.StartAsync();
        _cli.Using(server);
        server.OnJson("GET", $"{KubernetesAnswers.Pods}/web", KubernetesAnswers.Table("web"));
        Serve(server, "unused", ("ADDED", KubernetesAnswers.Table("web")), ("MODIFIED", KubernetesAnswers.Table("web")));

        var result = await _cli.RunAsync("kubectl", "get", "pod/web", "-w", "--connection", "prod");

        Assert.Equal("NAME\nweb\nweb\n", result.Out);
        Assert.Equal("?watch=true&resourceVersion=0&fieldSelector=metadata.name%3Dweb", server.Requests.Last().Query);
    }

    [Fact]
    public async Task WhenSelectorsAreGiven_TheWatchHasThemToo()
    {
        await using var server = await StartAsync(KubernetesAnswers.Table("web"));

        await GetAsync("-w", "-l", "app=web", "--field-selector", "spec.nodeName=n1");

        Assert.Equal("?watch=true&resourceVersion=7&labelSelector=app%3Dweb&fieldSelector=spec.nodeName%3Dn1", server.Requests.Last().Query);
    }

    public void Dispose() => _cli.Dispose();

    private static void Serve(FakeControlPlane server, string list, params (string Type, string Json)[] events) =>
        server.On("GET", KubernetesAnswers.Pods, async context =>
        {
            if (context.Request.Query["watch"] != "true")
            {
                await context.Response.WriteAsJson(list);
                return;
            }

            foreach (var (type, json) in events)
                await context.Response.WriteEvent(type, json);
        });

    private async Task<FakeControlPlane> StartAsync(string list, params (string Type, string Json)[] events)
    {
        var server = await FakeControlPlane.StartAsync();
        _cli.Using(server);
        Serve(server, list, events);
        return server;
    }

    private Task<CliResult> GetAsync(params string[] options) => _cli.RunAsync(["kubectl", "get", "pods", "--connection", "prod", .. options]);
}
