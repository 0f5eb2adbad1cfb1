using Microsoft.AspNetCore.Http;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Cli.Kubectl.Discovery;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Kubectl;

/// <summary>Which types a cluster has, and when it is asked for them.</summary>
public sealed class DiscoveryTests : IDisposable
{
    private const string Root = "/kubernetes/acme/prod";
    private const string Pods = $"{Root}/api/v1/namespaces/default/pods";
    private const string EmptyTable = """{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"7"},"columnDefinitions":[],"rows":[]}""";
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenTheTypeIsUnknown_DiscoveryIsAskedAndCached()
    {
        await using var server = await StartAsync();
        ServeAggregatedDiscovery(server);
        server.OnJson("GET", $"{Root}/apis/example.com/v1/namespaces/default/widgets", Table("alpha"));

        var first = await GetAsync("wd");
        var discovery = server.Requests.Count;
        var second = await GetAsync("widgets.example.com");

        Assert.Equal("NAME\nalpha\n", first.Out);
        Assert.Equal("NAME\nalpha\n", second.Out);
        Assert.Equal(3, discovery);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task WhenTheCacheIsOld_TheClusterIsAskedAgain()
    {
        await using var server = await StartAsync();
        ServeAggregatedDiscovery(server);
        server.OnJson("GET", $"{Root}/apis/example.com/v1/namespaces/default/widgets", Table("alpha"));
        await GetAsync("wd");
        var file = Assert.Single(Directory.GetFiles(Path.Combine(_cli.PlantonHome, "cache", "discovery")));

        File.SetLastWriteTimeUtc(file, (CliHarness.Now - DiscoveryCache.MaxAge - TimeSpan.FromSeconds(1)).UtcDateTime);
        await GetAsync("wd");

        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    public async Task WhenTheTypeIsNotInTheCache_TheClusterIsAskedOnceMore()
    {
        await using var server = await StartAsync();
        ServeAggregatedDiscovery(server);
        server.OnJson("GET", $"{Root}/apis/example.com/v1/namespaces/default/widgets", Table("alpha"));
        await GetAsync("wd");
        var before = server.Requests.Count;

        var result = await GetAsync("gadgets");

        Assert.Equal((1, "error: the server doesn't have a resource type \"gadgets\"\n"), (result.ExitCode, result.Error));
        Assert.Equal(before + 2, server.Requests.Count);
    }

    [Fact]
    public async Task WhenTheClusterHasNoAggregatedDiscovery_EveryGroupIsAsked()
    {
        await using var server = await StartAsync();
        server.OnJson("GET", $"{Root}/api", """{"kind":"APIVersions","versions":["v1"]}""");
        server.OnJson("GET", $"{Root}/apis", """{"kind":"APIGroupList","groups":[{"name":"example.com","versions":[{"version":"v2"},{"version":"v1"}],"preferredVersion":{"version":"v1"}},{"name":"down.example.com","versions":[{"version":"v1"}],"preferredVersion":{"version":"v1"}}]}""");
        server.OnJson("GET", $"{Root}/api/v1", """{"kind":"APIResourceList","resources":[{"name":"pods","kind":"Pod","namespaced":true},{"name":"pods/log","kind":"Pod","namespaced":true}]}""");
        foreach (var version in (string[])["v1", "v2"])
            server.OnJson("GET", $"{Root}/apis/example.com/{version}", """{"kind":"APIResourceList","resources":[{"name":"gears","singularName":"gear","kind":"Gear","namespaced":false,"shortNames":["gr"]}]}""");
        server.OnJson("GET", $"{Root}/apis/example.com/v1/gears", Table("cog"));
        server.OnJson("GET", $"{Root}/apis/example.com/v2/gears", Table("cog-v2"));

        Assert.Equal("NAME\ncog\n", (await GetAsync("gr")).Out);
        Assert.Equal("NAME\ncog-v2\n", (await GetAsync("gears.v2.example.com")).Out);
    }

    [Fact]
    public async Task WhenABuiltInVersionIsMissing_TheClustersOwnIsTaken()
    {
        await using var server = await StartAsync();
        server.OnJson("GET", $"{Root}/api", """{"kind":"APIVersions","versions":[]}""");
        server.OnJson("GET", $"{Root}/apis", """{"kind":"APIGroupList","groups":[{"name":"batch","versions":[{"version":"v1beta1"}],"preferredVersion":{"version":"v1beta1"}}]}""");
        server.OnJson("GET", $"{Root}/apis/batch/v1beta1", """{"kind":"APIResourceList","resources":[{"name":"cronjobs","singularName":"","kind":"CronJob","namespaced":true,"shortNames":["cj"]}]}""");
        server.OnJson("GET", $"{Root}/apis/batch/v1beta1/namespaces/default/cronjobs", Table("nightly"));

        var result = await GetAsync("cj");

        Assert.Equal((0, "NAME\nnightly\n"), (result.ExitCode, result.Out));
    }

    [Fact]
    public async Task WhenDiscoveryFails_TheReasonIsShownNotAMissingType()
    {
        await using var server = await StartAsync();
        server.On("GET", $"{Root}/api", Unreachable);
        server.On("GET", $"{Root}/apis", Unreachable);

        var result = await GetAsync("widgets");

        Assert.Equal((5, "Error: not connected\n"), (result.ExitCode, result.Error));

        static Task Unreachable(HttpContext context)
        {
            context.Response.Headers[OperationHeaders.Error] = ErrorCode.RunnerUnreachable;
            return context.Response.WriteAsJson("""{"kind":"Status","message":"not connected","reason":"ServiceUnavailable"}""", 503);
        }
    }

    public void Dispose() => _cli.Dispose();

    private static string Table(string name, string? next = null) =>
        $$"""{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"7","continue":"{{next}}"},"columnDefinitions":[{"name":"Name","type":"string","format":"name","priority":0}],"rows":[{"cells":["{{name}}"]}]}""";

    private static void ServeAggregatedDiscovery(FakeControlPlane server)
    {
        server.OnJson("GET", $"{Root}/api", """{"kind":"APIGroupDiscoveryList","items":[{"versions":[{"version":"v1","resources":[{"resource":"pods","responseKind":{"kind":"Pod"},"scope":"Namespaced","singularResource":"pod"}]}]}]}""");
        server.OnJson("GET", $"{Root}/apis", """{"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":"example.com"},"versions":[{"version":"v1","resources":[{"resource":"widgets","responseKind":{"kind":"Widget"},"scope":"Namespaced","singularResource":"widget","shortNames":["wd"],"categories":["toys"]}]}]}]}""");
    }

    private Task<CliResult> GetAsync(params string[] arguments) => _cli.RunAsync(["kubectl", "get", .. arguments, "--connection", "prod"]);

    private async Task<FakeControlPlane> StartAsync()
    {
        var server = await FakeControlPlane.StartAsync();
        _cli.Using(server);
        return server;
    }
}
