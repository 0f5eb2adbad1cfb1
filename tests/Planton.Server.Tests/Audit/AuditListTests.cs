using Planton.Api.Audit;
using Planton.Api.Errors;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Audit;

public sealed class AuditListTests : IAsyncLifetime
{
    private ServerFixture _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerFixture.StartAsync();
        await _server.Admin.CreateOrganizationAsync("acme", Cancellation);
        for (var number = 0; number < 5; number++)
            await _server.Admin.RegisterRunnerAsync("default", $"r{number}", Cancellation);
        await _server.Admin.RegisterRunnerAsync("acme", "own", Cancellation);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task NewestFirst_PageByPage_WithoutLosingOrRepeatingOne()
    {
        var seen = new List<string>();
        long? before = null;
        do
        {
            var page = await _server.Admin.ListAuditAsync("default", new AuditQuery { Limit = 4, Before = before }, Cancellation);
            seen.AddRange(page.Items.Select(record => record.Resource));
            before = page.Next;
        }
        while (before is not null);
        Assert.Equal(["runner/r4", "runner/r3", "runner/r2", "runner/r1", "runner/r0", "user/admin"], seen);
    }

    [Fact]
    public async Task AFollowerAsksForWhatCameAfter()
    {
        var last = (await _server.Admin.ListAuditAsync("default", new AuditQuery { Limit = 1 }, Cancellation)).Items.Single();
        var query = new AuditQuery { After = last.Sequence };
        var nothing = await _server.Admin.ListAuditAsync("default", query, Cancellation);
        Assert.Equal((0, last.Sequence), (nothing.Items.Count, nothing.Next));
        await _server.Admin.RegisterRunnerAsync("default", "late", Cancellation);
        await _server.Admin.RegisterRunnerAsync("default", "later", Cancellation);
        var page = await _server.Admin.ListAuditAsync("default", query with { After = nothing.Next }, Cancellation);
        Assert.Equal(["runner/late", "runner/later"], page.Items.Select(record => record.Resource));
        Assert.Equal(page.Items[^1].Sequence, page.Next);
    }

    [Fact]
    public async Task EveryFilterHolds()
    {
        var kim = _server.Client(await _server.AddUserAsync("kim", await _server.DefaultOrganizationIdAsync(), RoleName.Viewer));
        var denied = await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.RegisterRunnerAsync("default", "mine", Cancellation));
        var now = TimeProvider.System.GetUtcNow();
        Assert.Equal(6, await CountAsync(new AuditQuery { Action = "runner.register" }));
        Assert.Equal(6, await CountAsync(new AuditQuery { Action = "runner.*" }));
        Assert.Equal(0, await CountAsync(new AuditQuery { Action = "runner" }));
        Assert.Equal(1, await CountAsync(new AuditQuery { Actor = "kim" }));
        Assert.Equal(1, await CountAsync(new AuditQuery { Outcome = "denied" }));
        Assert.Equal(1, await CountAsync(new AuditQuery { OperationId = denied.OperationId }));
        Assert.Equal(7, await CountAsync(new AuditQuery { Since = now.AddMinutes(-5), Until = now.AddMinutes(5) }));
        Assert.Equal(0, await CountAsync(new AuditQuery { Since = now.AddMinutes(5) }));
        Assert.Equal(0, await CountAsync(new AuditQuery { Actor = "kim", Outcome = "allowed" }));
    }

    [Fact]
    public async Task ARecordIsShownWhole()
    {
        var record = (await _server.Admin.ListAuditAsync("default", new AuditQuery { Limit = 1 }, Cancellation)).Items.Single();
        Assert.Equal(("runner.register", "runner/r4", "allowed", "127.0.0.1"), (record.Action, record.Resource, record.Outcome, record.SourceAddress));
        Assert.Equal(("user", "admin", _server.AdminKey[4..16]), (record.Actor.Kind, record.Actor.Name, record.Actor.ApiKeyId));
        Assert.Matches("^[0-9a-f]{64}$", record.Hash);
    }

    [Fact]
    public async Task ThePlatformsListHasEveryOrganizations()
    {
        var all = await _server.Admin.ListAuditAsync(null, cancellationToken: Cancellation);
        Assert.Equal(8, all.Items.Count);
        Assert.Equal(2, (await _server.Admin.ListAuditAsync("acme", cancellationToken: Cancellation)).Items.Count);
    }

    [Fact]
    public async Task VerifyingIsRecorded_AndCountsItsOwnRecord()
    {
        var verification = await _server.Admin.VerifyAuditAsync(Cancellation);
        Assert.Equal((true, 9), (verification.Ok, verification.Records));
        Assert.Equal("audit.verify", (await _server.Admin.ListAuditAsync(null, new AuditQuery { Limit = 1 }, Cancellation)).Items.Single().Action);
    }

    [Fact]
    public async Task WhenTheHeadIsGone_VerifyingStillAnswers()
    {
        await _server.TamperAsync("DELETE FROM audit_head");
        var verification = await _server.Admin.VerifyAuditAsync(Cancellation);
        Assert.False(verification.Ok);
        Assert.Contains("missing", verification.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryFaultOfAQueryIsTold()
    {
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => _server.Admin.ListAuditAsync(
            "default",
            new AuditQuery
            {
                Limit = 1001, After = -1, Before = -1, Action = "a*b", Outcome = "maybe", Actor = new string('a', 200), OperationId = "a\nb",
                Since = DateTimeOffset.UnixEpoch, Until = DateTimeOffset.UnixEpoch,
            },
            Cancellation));
        Assert.Equal(["action", "actor", "after", "before", "limit", "operationId", "outcome", "until"], problem.Errors!.Keys.Order(StringComparer.Ordinal));
    }

    private async Task<int> CountAsync(AuditQuery query) => (await _server.Admin.ListAuditAsync("default", query, Cancellation)).Items.Count;
}
