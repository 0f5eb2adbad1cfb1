using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Quotas;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Quotas;

/// <summary>How fast callers may send requests. Counted in memory, so that one database is enough.</summary>
public sealed class RequestLimitTests
{
    private const int Burst = 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhoSendsTooManyGets429WithRetryAfter_AnOperatorToo_AndOthersAreNotHeldUp()
    {
        await using var server = await StartAsync();
        var kim = await server.AddUserAsync("kim", await server.DefaultOrganizationIdAsync());

        var answers = await FloodAsync(server, server.AdminKey, "api/v1/me", 3 * Burst);

        Assert.InRange(answers.Count(answer => answer == HttpStatusCode.OK), 1, (2 * Burst) - 1);
        Assert.All(answers, answer => Assert.True(answer is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{answer}"));
        var (problem, response) = await RefusedAsync(server, server.AdminKey, "api/v1/me");
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
        Assert.Contains($"admin sends more requests than are allowed: {Burst} at once, and then 1 each second (quota caller-requests-per-second: 1)", problem, StringComparison.Ordinal);
        await server.Client(kim).GetCallerAsync(Cancellation);
        // Who has no key is nobody's caller.
        Assert.Equal("ok\n", await server.HttpClient().GetStringAsync("healthz/live", Cancellation));
    }

    [Fact]
    public async Task AnotherKeyOfTheSameAccount_IsNoMoreRequests()
    {
        await using var server = await StartAsync();
        var second = (await server.Admin.CreateApiKeyAsync(null, Cancellation)).Key;
        await FloodAsync(server, server.AdminKey, "api/v1/me", 2 * Burst);
        await RefusedAsync(server, second, "api/v1/me");
    }

    [Fact]
    public async Task BelowKubernetesItIsAStatus()
    {
        await using var server = await StartAsync();
        await FloodAsync(server, server.AdminKey, "kubernetes/default/nothing/api", 2 * Burst);
        var (text, response) = await RefusedAsync(server, server.AdminKey, "kubernetes/default/nothing/api");
        var status = JsonDocument.Parse(text).RootElement;
        Assert.Equal(("Status", "TooManyRequests"), (status.GetProperty("kind").GetString(), status.GetProperty("reason").GetString()));
        Assert.Equal(1, status.GetProperty("details").GetProperty("retryAfterSeconds").GetInt32());
        Assert.Equal(ErrorCode.QuotaExceeded, response.Headers.GetValues("Planton-Error").Single());
    }

    [Fact]
    public async Task ARunnersOwnKeyIsLimitedToo()
    {
        await using var server = await StartAsync();
        var credentials = (await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials;
        await FloodAsync(server, credentials.ApiKey!, "api/v1/me", 2 * Burst);
        await RefusedAsync(server, credentials.ApiKey!, "api/v1/me");
    }

    [Fact]
    public async Task TheCallersOfOneOrganizationShareItsRequests_AndStrangersDoNotUseThemUp()
    {
        await using var server = await ServerFixture.StartAsync(options => options with
        {
            Quotas = ServerFixture.Quotas with { OrganizationRequestsPerSecond = 1, OrganizationRequestBurst = Burst },
        });
        var id = await server.DefaultOrganizationIdAsync();
        var stranger = await server.AddUserAsync("stranger");
        var (ada, kim) = (await server.AddUserAsync("ada", id), await server.AddUserAsync("kim", id));
        Assert.DoesNotContain(HttpStatusCode.TooManyRequests, await FloodAsync(server, stranger, "api/v1/organizations/default/connections", 3 * Burst));
        await server.Client(ada).ListConnectionsAsync("default", Cancellation);

        await FloodAsync(server, ada, "api/v1/organizations/default/connections", 2 * Burst);

        var (problem, _) = await RefusedAsync(server, kim, "api/v1/organizations/default/connections");
        Assert.Contains("organization \\u0022default\\u0022 sends more requests", problem, StringComparison.Ordinal);
        await server.Client(kim).GetCallerAsync(Cancellation);
    }

    [Fact]
    public async Task AFloodIsTenRecordsAndACount()
    {
        await using var server = await StartAsync();
        var refused = (await FloodAsync(server, server.AdminKey, "api/v1/me", 100)).Count(answer => answer == HttpStatusCode.TooManyRequests);
        Assert.InRange(refused, 40, 100);
        Assert.Equal(10, (await RecordsAsync(server)).Count);

        await server.Get<AuditDenials>().EndWindowAsync(Cancellation);

        var records = await RecordsAsync(server);
        Assert.Equal(11, records.Count);
        Assert.Equal($"{refused - 10} more in this minute, not recorded singly", records[^1].Detail);
        Assert.Equal(("admin", "GET /api/v1/me", ErrorCode.QuotaExceeded), (records[^1].ActorName, records[^1].Resource, records[^1].Code));
    }

    private static Task<List<AuditRecordEntity>> RecordsAsync(ServerFixture server) => server.QueryAsync(context => context.AuditRecords
        .Where(record => record.Action == AuditAction.Request).OrderBy(record => record.Sequence).ToListAsync(Cancellation));

    private static Task<ServerFixture> StartAsync() => ServerFixture.StartAsync(options => options with
    {
        Quotas = ServerFixture.Quotas with { CallerRequestsPerSecond = 1, CallerRequestBurst = Burst },
    });

    private static async Task<List<HttpStatusCode>> FloodAsync(ServerFixture server, string key, string path, int requests)
    {
        using var client = server.HttpClient(key);
        var answers = new List<HttpStatusCode>();
        for (var number = 0; number < requests; number++)
        {
            using var response = await client.GetAsync(path, Cancellation);
            answers.Add(response.StatusCode);
        }

        return answers;
    }

    // A second adds one request, which may be this one: the next is not.
    private static async Task<(string Text, HttpResponseMessage Response)> RefusedAsync(ServerFixture server, string key, string path)
    {
        using var client = server.HttpClient(key);
        for (var attempt = 0; ; attempt++)
        {
            var response = await client.GetAsync(path, Cancellation);
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
                return (text, response);
            Assert.True(attempt < 3, $"never refused: {text}");
        }
    }
}
