using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;

namespace Planton.Server.Tests.Quotas;

/// <summary>Operations in flight, with the defaults, at runners that take few. Counted in memory, so that one database is enough.</summary>
public sealed class OperationQuotaTests(TunnelsOnSqlite shared) : KubernetesProxyTest(shared), IClassFixture<TunnelsOnSqlite>
{
    private readonly StreamingTarget _target = new();

    [Fact]
    public async Task ACallerTakesAQuarterOfARunner_MoreIs429_AndOthersAreNotHeldUp()
    {
        await StartAsync("prod", 8);
        using var first = await OpenAsync();
        using var second = await OpenAsync();

        using var third = await GetAsync(StreamingTarget.Path);

        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), third.Headers.RetryAfter!.Delta);
        Assert.Equal(ErrorCode.QuotaExceeded, third.Headers.GetValues(OperationHeaders.Error).Single());
        var status = JsonDocument.Parse(await third.Content.ReadAsStringAsync(Cancelled)).RootElement;
        Assert.Equal("TooManyRequests", status.GetProperty("reason").GetString());
        Assert.Equal(1, status.GetProperty("details").GetProperty("retryAfterSeconds").GetInt32());
        Assert.Contains(
            "admin has 2 operations in flight at runner \"prod\", which takes 8, which is the most. The operation was not sent (quota caller-runner-percent: 25). ",
            status.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal((AuditOutcome.Denied, ErrorCode.QuotaExceeded), ((await AuditAsync())[^1].Outcome, (await AuditAsync())[^1].Code));
        using var other = await OpenAsync(await Server.AddUserAsync(UniqueName("kim"), OrgId));
    }

    [Fact]
    public async Task APlaceComesBackWhenAnOperationEnds_HoweverItEnds()
    {
        await StartAsync("prod", 4);
        for (var turn = 0; turn < 3; turn++)
        {
            var stream = await OpenAsync();
            using (var refused = await GetAsync("/api"))
                Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            stream.Dispose();
            await _target.WaitForEndAsync();
            await Expect.EventuallyAsync("the place is free", async () =>
            {
                using var again = await GetAsync("/missing");
                return again.StatusCode == HttpStatusCode.NotFound;
            });
        }
    }

    [Fact]
    public async Task MoreReplicas_AreAGreaterShare()
    {
        await StartAsync("prod", 4);
        using var first = await OpenAsync();
        using (var refused = await GetAsync(StreamingTarget.Path))
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        var credentials = (await Server.Admin.GenerateCredentialsAsync(Org, "prod", Cancelled)).Credentials;
        var replica = Started(await ConnectedRunner.StartAsync(
            credentials, TargetAsync, configure: options => options.Greeting = options.Greeting with { MaxOperations = 4 }));
        await replica.Link.WaitForStartAsync(Cancelled);
        await replica.Link.RoundTripAsync(Cancelled);
        using var second = await OpenAsync();
    }

    [Fact]
    public async Task AConnectionTestIsAnOperationToo()
    {
        await StartAsync("prod", 4);
        using var stream = await OpenAsync();
        var problem = await Expect.ProblemAsync(ErrorCode.QuotaExceeded, () => Server.Admin.TestConnectionAsync(Org, "cluster", cancellationToken: Cancelled));
        Assert.Contains("caller-runner-percent", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnOrganizationTakesHalfOfAPlatformRunner()
    {
        var runner = UniqueName("shared");
        Started(await ConnectedRunner.StartAsync(
            Server, runner, TargetAsync, org: null, configure: options => options.Greeting = options.Greeting with { MaxOperations = 8 }));
        await Server.Admin.SetDefaultRunnerAsync(null, runner, Cancelled);
        var (other, otherId) = await NewOrganizationAsync("other");
        await CreateConnectionAsync("cluster", null);
        await CreateConnectionAsync("cluster", null, org: other);
        var streams = new List<HttpResponseMessage>();
        for (var person = 0; person < 2; person++)
        {
            var key = await Server.AddUserAsync(UniqueName("kim"), OrgId, RoleName.Member);
            streams.AddRange([await OpenAsync(key), await OpenAsync(key)]);
        }

        var fifth = await Server.AddUserAsync(UniqueName("kim"), OrgId, RoleName.Member);
        using (var refused = await GetAsync(StreamingTarget.Path, fifth))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Contains("quota organization-runner-percent: 50", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        var stranger = await Server.AddUserAsync(UniqueName("ada"), otherId, RoleName.Member);
        using (await OpenAsync(stranger, other))
            streams.ForEach(stream => stream.Dispose());
    }

    private async Task StartAsync(string runner, int operations)
    {
        Started(await ConnectedRunner.StartAsync(
            Server, runner, TargetAsync, Org, configure: options => options.Greeting = options.Greeting with { MaxOperations = operations }));
        await CreateConnectionAsync("cluster", runner);
    }

    private Task TargetAsync(HttpContext context)
    {
        if (context.Request.Path.Value!.EndsWith("/pods", StringComparison.Ordinal))
            return _target.StreamAsync(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private async Task<HttpResponseMessage> OpenAsync(string? key = null, string? org = null)
    {
        var response = await GetAsync(StreamingTarget.Path, key, org);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await ErrorOfAsync(response));
        await _target.WaitForBeginAsync();
        return response;
    }

    private static async Task<string> ErrorOfAsync(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.OK ? "" : await response.Content.ReadAsStringAsync(Cancelled);
}
