using System.Net;
using Planton.Api.Client;
using Planton.Api.Connections;
using Planton.Api.Errors;

namespace Planton.Api.Tests.Client;

public sealed class PlantonApiClientTests
{
    private const string Runner = """{"id":"r1","name":"prod","createdAt":"2030-01-01T00:00:00Z","status":"connected"}""";

    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    public static TheoryData<string, Func<PlantonApiClient, CancellationToken, Task>, string> Calls => new()
    {
        { "GET /api/v1/me", (c, t) => c.GetCallerAsync(t), """{"kind":"user","id":"u","name":"n","apiKeyId":"k"}""" },
        { "GET /api/v1/server", (c, t) => c.GetServerAsync(t), """{"version":"1","publicUrl":"http://x","kubernetesUrl":"https://x"}""" },
        { "GET /api/v1/organizations", (c, t) => c.ListOrganizationsAsync(t), """{"items":[]}""" },
        { "POST /api/v1/organizations", (c, t) => c.CreateOrganizationAsync("acme", t), """{"id":"o","name":"acme","createdAt":"2030-01-01T00:00:00Z"}""" },
        { "GET /api/v1/organizations/acme", (c, t) => c.GetOrganizationAsync("acme", t), """{"id":"o","name":"acme","createdAt":"2030-01-01T00:00:00Z"}""" },
        { "DELETE /api/v1/organizations/acme", (c, t) => c.DeleteOrganizationAsync("acme", t), "" },
        { "GET /api/v1/organizations/acme/runners", (c, t) => c.ListRunnersAsync("acme", false, t), """{"items":[]}""" },
        { "GET /api/v1/organizations/acme/runners?includePlatform=true", (c, t) => c.ListRunnersAsync("acme", true, t), """{"items":[]}""" },
        { "GET /api/v1/platform/runners", (c, t) => c.ListRunnersAsync(null, false, t), """{"items":[]}""" },
        { "POST /api/v1/platform/runners", (c, t) => c.RegisterRunnerAsync(null, "prod", t), Runner },
        { "GET /api/v1/organizations/acme/runners/prod", (c, t) => c.GetRunnerAsync("acme", "prod", t), Runner },
        { "GET /api/v1/organizations/acme/runners/..%2Fx%3Fy", (c, t) => c.GetRunnerAsync("acme", "../x?y", t), Runner },
        { "POST /api/v1/organizations/acme/runners/prod/credentials", (c, t) => c.GenerateCredentialsAsync("acme", "prod", t), """{"registered":true,"credentials":{}}""" },
        { "GET /api/v1/organizations/acme/connections", (c, t) => c.ListConnectionsAsync("acme", t), """{"items":[]}""" },
        { "DELETE /api/v1/organizations/acme/connections/k8s", (c, t) => c.DeleteConnectionAsync("acme", "k8s", t), "" },
        { "POST /api/v1/organizations/acme/connections/k8s/test", (c, t) => c.TestConnectionAsync("acme", "k8s", t), """{"ok":true,"stages":[]}""" },
    };

    [Theory]
    [MemberData(nameof(Calls), DisableDiscoveryEnumeration = true)]
    public async Task EachCallGoesToItsPath(string expected, Func<PlantonApiClient, CancellationToken, Task> call, string answer)
    {
        using var handler = new AnsweringHandler(HttpStatusCode.OK, answer);
        using var http = Http(handler);
        await call(new PlantonApiClient(http), _cancel);
        Assert.Equal(expected, handler.Request);
    }

    [Fact]
    public async Task ABodyIsJsonWithoutNulls()
    {
        const string Answer = """{"id":"c","name":"k8s","organization":"acme","kind":"kubernetes","authMode":"runner","createdAt":"2030-01-01T00:00:00Z"}""";
        using var handler = new AnsweringHandler(HttpStatusCode.Created, Answer);
        using var http = Http(handler);
        var made = await new PlantonApiClient(http).CreateConnectionAsync(
            "acme", new CreateConnectionRequest { Name = "k8s", Kind = "kubernetes", Kubernetes = new KubernetesTarget { Context = "c" } }, _cancel);
        Assert.Equal("""{"name":"k8s","kind":"kubernetes","kubernetes":{"context":"c"}}""", handler.Body);
        Assert.Equal(("k8s", "acme"), (made.Name, made.Organization));
    }

    [Theory]
    [InlineData("application/problem+json")]
    [InlineData("application/json")]
    public async Task AProblemBecomesAnExceptionThatCarriesAllOfIt(string mediaType)
    {
        var problem = await FailAsync(HttpStatusCode.NotFound, """
            {"status":404,"code":"runner_not_found","detail":"no runner prod","hint":"planton runner list","operationId":"op1","errors":{"name":["x"]},"extra":1}
            """, mediaType);
        Assert.Equal((404, ErrorCode.RunnerNotFound, "no runner prod"), (problem.Status, problem.Code, problem.Detail));
        Assert.Equal(("planton runner list", "op1"), (problem.Hint, problem.OperationId));
        Assert.Equal(["x"], problem.Errors!["name"]);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway, "<html>bad gateway</html>", "text/html", "internal")]
    [InlineData(HttpStatusCode.BadGateway, "{not json", "application/json", "internal")]
    [InlineData(HttpStatusCode.BadGateway, "{}", "application/json", "internal")]
    [InlineData(HttpStatusCode.BadGateway, "null", "application/json", "internal")]
    [InlineData(HttpStatusCode.Unauthorized, "", "text/plain", "unauthenticated")]
    public async Task AnAnswerOfSomethingElseSaysSo(HttpStatusCode status, string body, string mediaType, string code)
    {
        var problem = await FailAsync(status, body, mediaType);
        Assert.Equal(((int)status, code), (problem.Status, problem.Code));
        Assert.Contains("not an answer of a Planton control plane", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("--server", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmptyAnswerIsABrokenTransport()
    {
        using var handler = new AnsweringHandler(HttpStatusCode.OK, "null");
        using var http = Http(handler);
        await Assert.ThrowsAsync<HttpRequestException>(() => new PlantonApiClient(http).GetCallerAsync(_cancel));
    }

    [Fact]
    public async Task AProblemPastTheBoundIsNotRead()
    {
        using var handler = new AnsweringHandler(HttpStatusCode.BadRequest, $"{{\"detail\":\"{new string('x', 100_000)}\"}}");
        using var http = Http(handler);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => new PlantonApiClient(http).GetCallerAsync(_cancel));
    }

    [Fact]
    public void TheKeyGoesInTheAuthorizationHeader() => Assert.Equal("Bearer pck_x", PlantonApiClient.Bearer("pck_x").ToString());

    private async Task<Problem> FailAsync(HttpStatusCode status, string body, string mediaType)
    {
        using var handler = new AnsweringHandler(status, body, mediaType);
        using var http = Http(handler);
        var exception = await Assert.ThrowsAsync<ApiException>(() => new PlantonApiClient(http).GetCallerAsync(_cancel));
        Assert.Equal(exception.Problem.Detail, exception.Message);
        return exception.Problem;
    }

    private static HttpClient Http(AnsweringHandler handler) => new(handler, disposeHandler: false) { BaseAddress = new Uri("http://127.0.0.1:1/") };
}
