using Microsoft.AspNetCore.Http;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Kubectl;

/// <summary>What is asked of the connection, and how errors on the way end the command.</summary>
public sealed class GetTests : IDisposable
{
    private const string Root = "/kubernetes/acme/prod";
    private const string Pods = $"{Root}/api/v1/namespaces/default/pods";
    private const string EmptyTable = """{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"7"},"columnDefinitions":[],"rows":[]}""";
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenABuiltInTypeIsListed_OneRequestIsAllThatIsSent()
    {
        await using var server = await StartAsync();
        server.OnJson("GET", Pods, Table("web"));

        var result = await GetAsync("pods");

        Assert.Equal((0, "NAME\nweb\n", ""), (result.ExitCode, result.Out, result.Error));
        var request = Assert.Single(server.Requests);
        Assert.Equal($"GET {Pods}?limit=500&includeObject=None", request.ToString());
        Assert.Equal($"Bearer {FakeControlPlane.ApiKey}", request.Authorization);
        Assert.Equal("application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json", request.Accept);
    }

    [Fact]
    public async Task WhenSelectorsAreGiven_TheServerFilters()
    {
        await using var server = await StartAsync();
        server.OnJson("GET", $"{Root}/api/v1/pods", EmptyTable);

        await GetAsync("pods", "-A", "-l", "app in (a,b)", "--field-selector", "status.phase!=Running", "--chunk-size", "0");

        Assert.Equal("?labelSelector=app%20in%20%28a%2Cb%29&fieldSelector=status.phase%21%3DRunning", Assert.Single(server.Requests).Query);
    }

    [Fact]
    public async Task WhenTheListHasPages_TheyAreFollowedAndPrintedAsOne()
    {
        await using var server = await StartAsync();
        server.On("GET", Pods, context => context.Response.WriteAsJson(
            context.Request.Query["continue"] == "next" ? Table("a-much-longer-name") : Table("web", "next")));

        var result = await GetAsync("pods", "--chunk-size", "1");

        Assert.Equal("NAME\nweb\na-much-longer-name\n", result.Out);
        Assert.Equal(["?limit=1&includeObject=None", "?limit=1&continue=next&includeObject=None"], server.Requests.Select(request => request.Query));
    }

    [Fact]
    public async Task WhenNothingIsThere_ItIsSaidOnStandardError()
    {
        await using var server = await StartAsync();
        server.OnJson("GET", Pods, EmptyTable);
        server.OnJson("GET", $"{Root}/api/v1/pods", EmptyTable);

        Assert.Equal("No resources found in default namespace.\n", (await GetAsync("pods")).Error);
        Assert.Equal("No resources found\n", (await GetAsync("pods", "-A")).Error);
        Assert.Equal("", (await GetAsync("pods", "--ignore-not-found")).Error);
    }

    [Theory]
    [InlineData(ErrorCode.RunnerUnreachable, 503, 5)]
    [InlineData(ErrorCode.Unauthenticated, 401, 4)]
    public async Task WhenTheControlPlaneRefuses_ItsCodeDecidesTheExitCode(string code, int status, int exitCode)
    {
        await using var server = await StartAsync();
        server.On("GET", Pods, context =>
        {
            context.Response.Headers[OperationHeaders.Error] = code;
            return context.Response.WriteAsJson(
                """{"kind":"Status","apiVersion":"v1","status":"Failure","message":"runner prod-runner is not connected since 05:01","reason":"ServiceUnavailable","details":{"causes":[{"message":"Start it: planton runner start"}]}}""", status);
        });

        var result = await GetAsync("pods");

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal("", result.Out);
        var key = code == ErrorCode.Unauthenticated ? "  The key comes from PLANTON_API_KEY.\n" : "";
        Assert.Equal($"Error: runner prod-runner is not connected since 05:01\n{key}Hint: Start it: planton runner start\n", result.Error);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task WhenTheControlPlaneAnswersAProblem_ItIsShown()
    {
        await using var server = await StartAsync();
        server.OnProblem("GET", Pods, ErrorCode.Unauthenticated, "the API key was revoked", "Log in again.");

        var result = await GetAsync("pods");

        Assert.Equal((4, "Error: the API key was revoked\n  The key comes from PLANTON_API_KEY.\nHint: Log in again.\n"), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("NotFound", 404, 3, "Error from server (NotFound): the message")]
    [InlineData("Forbidden", 403, 4, "Error from server (Forbidden): the message")]
    [InlineData("Unauthorized", 401, 4, "error: You must be logged in to the server (the message)")]
    [InlineData("InternalError", 500, 1, "Error from server (InternalError): the message")]
    [InlineData("", 500, 1, "Error from server: the message")]
    public async Task WhenTheClusterRefuses_TheLineIsKubectls(string reason, int status, int exitCode, string line)
    {
        await using var server = await StartAsync();
        server.OnJson("GET", $"{Pods}/web", """{"kind":"Status","reason":"REASON","message":"the message","details":{"name":"web"}}""".Replace("REASON", reason, StringComparison.Ordinal), status);

        var result = await GetAsync("pods", "web");

        Assert.Equal((exitCode, line + "\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task WhenOneOfSeveralIsMissing_TheOthersAreShown()
    {
        await using var server = await StartAsync();
        server.OnJson("GET", $"{Pods}/a", Table("a"));
        server.OnJson("GET", $"{Pods}/b", """{"kind":"Status","reason":"NotFound","message":"pods \"b\" not found","details":{"name":"b"}}""", 404);

        var result = await GetAsync("pods", "a", "b");

        Assert.Equal((3, "NAME\na\n", "Error from server (NotFound): pods \"b\" not found\n"), (result.ExitCode, result.Out, result.Error));
    }

    [Fact]
    public async Task WhenSeveralTypesAreListed_NamesCarryTheirKindAndTablesAreApart()
    {
        await using var server = await StartAsync();
        server.OnJson("GET", Pods, Table("web"));
        server.OnJson("GET", $"{Root}/apis/apps/v1/namespaces/default/deployments", Table("web"));

        var result = await GetAsync("pods,deploy");

        Assert.Equal("NAME\npod/web\n\nNAME\ndeployment.apps/web\n", result.Out);
    }

    [Fact]
    public async Task WhenWatching_ChangesFollowUntilTheServerEnds()
    {
        await using var server = await StartAsync();
        server.On("GET", Pods, async context =>
        {
            if (context.Request.Query["watch"] != "true")
            {
                await context.Response.WriteAsJson(Table("web"));
                return;
            }

            await context.Response.WriteAsync("""{"type":"MODIFIED","object":TABLE}""".Replace("TABLE", Table("web"), StringComparison.Ordinal) + "\n");
            await context.Response.WriteAsync("""{"type":"DELETED","object":{"kind":"Table","apiVersion":"meta.k8s.io/v1","rows":[{"cells":["gone"]}]}}""" + "\n");
        });

        var result = await GetAsync("pods", "-w");

        Assert.Equal((0, "NAME\nweb\nweb\ngone\n"), (result.ExitCode, result.Out));
        Assert.Equal("?watch=true&resourceVersion=7", server.Requests.Last().Query);
    }

    [Fact]
    public async Task WhenAWatchEndsWithAnError_ItIsShown()
    {
        await using var server = await StartAsync();
        server.On("GET", Pods, context => context.Response.WriteAsJson(context.Request.Query["watch"] == "true"
            ? """{"type":"ERROR","object":{"kind":"Status","reason":"Expired","message":"too old resource version"}}"""
            : Table("web")));

        var result = await GetAsync("pods", "-w");

        Assert.Equal((1, "Error from server (Expired): too old resource version\n"), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("you may only specify a single resource type", "pods,svc", "-w")]
    [InlineData("You must specify the type of resource to get")]
    public async Task WhenTheCommandMakesNoSense_NothingIsAsked(string message, params string[] arguments)
    {
        await using var server = await StartAsync();

        var result = await GetAsync(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task WhenTheAnswerIsNotJson_ItIsAnError()
    {
        await using var server = await StartAsync();
        server.OnJson("GET", Pods, "<html>");

        var result = await GetAsync("pods");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("is not JSON", result.Error, StringComparison.Ordinal);
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
