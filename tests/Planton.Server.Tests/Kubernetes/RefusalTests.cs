using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Kubernetes;

public sealed class RefusalTests(TunnelsOnSqlite shared) : KubernetesProxyTest(shared), IClassFixture<TunnelsOnSqlite>
{
    private int _operations;

    [Fact]
    public async Task NoKey_IsAStatusThatKubernetesClientsUnderstand()
    {
        await ConnectAsync(CountAsync);

        using var response = await Server.HttpClient().GetAsync(new Uri($"{Server.Url}kubernetes/{Org}/cluster/api"), Cancelled);

        var status = await StatusAsync(response, ErrorCode.Unauthenticated, 401);
        Assert.Equal("Unauthorized", status.GetProperty("reason").GetString());
        Assert.Equal(0, _operations);
    }

    [Fact]
    public async Task AnotherOrganizationsConnection_IsAsIfThereWereNone_AndTheAttemptIsRecorded()
    {
        await ConnectAsync(CountAsync);
        var name = UniqueName("stranger");
        var stranger = await Server.AddUserAsync(name);

        using var foreign = await GetAsync("/api/v1/secrets", stranger);
        using var missing = await GetAsync("/api/v1/secrets", stranger, org: "nowhere");

        var one = await StatusAsync(foreign, ErrorCode.OrganizationNotFound, 404);
        var other = await StatusAsync(missing, ErrorCode.OrganizationNotFound, 404);
        Assert.Equal(
            one.GetProperty("message").GetString(), other.GetProperty("message").GetString()!.Replace("nowhere", Org, StringComparison.Ordinal));
        Assert.Equal(0, _operations);
        // In no organization, because the stranger is in none.
        var records = await Server.QueryAsync(context => context.AuditRecords.Where(record => record.ActorName == name).ToListAsync(Cancelled));
        Assert.Equal(2, records.Count);
        Assert.All(records, record => Assert.Equal((AuditOutcome.Denied, ErrorCode.OrganizationNotFound), (record.Outcome, record.Code)));
    }

    [Fact]
    public async Task AViewer_MayNotUseConnections()
    {
        await ConnectAsync(CountAsync);
        var viewer = await Server.AddUserAsync(UniqueName("vera"), OrgId, RoleName.Viewer);

        using var response = await GetAsync("/api/v1/pods", viewer);

        var status = await StatusAsync(response, ErrorCode.PermissionDenied, 403);
        Assert.Contains("member", status.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(AuditOutcome.Denied, Assert.Single(await AuditAsync()).Outcome);
        Assert.Equal(0, _operations);
    }

    [Fact]
    public async Task ARunnersOwnKey_MayNotUseConnections()
    {
        var runner = await ConnectAsync(CountAsync);

        using var response = await GetAsync("/api/v1/pods", runner.Credentials.ApiKey);

        await StatusAsync(response, ErrorCode.PermissionDenied, 403);
        Assert.Equal(0, _operations);
    }

    [Fact]
    public async Task AnUnknownConnection_IsNamed_WithTheNextBest()
    {
        await ConnectAsync(CountAsync, "production");

        using var response = await GetAsync("/api/v1/pods", connection: "producton");

        var message = (await StatusAsync(response, ErrorCode.ConnectionNotFound, 404)).GetProperty("message").GetString()!;
        Assert.Contains($"organization \"{Org}\" has no connection \"producton\"", message, StringComparison.Ordinal);
        Assert.Contains("Did you mean production?", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingRuns_WhenItCannotBeWrittenDown()
    {
        await ConnectAsync(CountAsync);
        Server.Log.ExpectError(line => line.Text.Contains("audit", StringComparison.OrdinalIgnoreCase) || line.Text.Contains("Unhandled", StringComparison.OrdinalIgnoreCase) || line.Text.Contains("EntityFrameworkCore", StringComparison.Ordinal));
        await RefusingTrigger.AddAsync(Server, "no_more_audit", "INSERT", "audit_records");

        try
        {
            using var response = await GetAsync("/api/v1/pods");

            Assert.Equal(503, (int)response.StatusCode);
            Assert.Equal(0, _operations);
        }
        finally
        {
            await RefusingTrigger.RemoveAsync(Server, "no_more_audit", "audit_records");
        }
    }

    [Fact]
    public async Task AnOperation_IsWrittenDownBeforeItIsSent_WithoutItsQuery()
    {
        List<AuditRecordEntity>? then = null;
        await ConnectAsync(async _ => then = await AuditAsync());

        using var response = await GetAsync("/api/v1/namespaces/x/pods/p/exec?command=cat&command=password");

        var record = Assert.Single(then!);
        Assert.Equal(AuditOutcome.Allowed, record.Outcome);
        Assert.Equal("connection/cluster GET /api/v1/namespaces/x/pods/p/exec", record.Resource);
        Assert.Equal(response.Headers.GetValues(OperationHeaders.OperationId).Single(), record.OperationId);
        Assert.DoesNotContain("password", JsonSerializer.Serialize(record), StringComparison.Ordinal);
    }

    private Task CountAsync(HttpContext context)
    {
        Interlocked.Increment(ref _operations);
        return Task.CompletedTask;
    }

    private static async Task<JsonElement> StatusAsync(HttpResponseMessage response, string code, int http)
    {
        Assert.Equal(http, (int)response.StatusCode);
        Assert.Equal(code, response.Headers.GetValues(OperationHeaders.Error).Single());
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        var status = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled)).RootElement;
        Assert.Equal(("Status", "v1", "Failure", http),
            (status.GetProperty("kind").GetString(), status.GetProperty("apiVersion").GetString(), status.GetProperty("status").GetString(), status.GetProperty("code").GetInt32()));
        return status;
    }
}
