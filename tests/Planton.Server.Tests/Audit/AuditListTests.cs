using Planton.Api.Audit;
using Planton.Api.Errors;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Audit;

public abstract class AuditListTests(SharedServer shared, DatabaseKind database) : SharedServerTest(shared)
{
    private string _acme = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (_acme, _) = await NewOrganizationAsync("acme");
        for (var number = 0; number < 5; number++)
            await Admin.RegisterRunnerAsync(Org, $"r{number}", Cancellation);
        await Admin.RegisterRunnerAsync(_acme, "own", Cancellation);
    }

    [Fact]
    public async Task NewestFirst_PageByPage_WithoutLosingOrRepeatingOne()
    {
        var seen = new List<string>();
        long? before = null;
        do
        {
            var page = await Admin.ListAuditAsync(Org, new AuditQuery { Limit = 4, Before = before }, Cancellation);
            seen.AddRange(page.Items.Select(record => record.Resource));
            before = page.Next;
        }
        while (before is not null);
        Assert.Equal(["runner/r4", "runner/r3", "runner/r2", "runner/r1", "runner/r0", $"organization/{Org}"], seen);
    }

    [Fact]
    public async Task AFollowerAsksForWhatCameAfter()
    {
        var last = (await Admin.ListAuditAsync(Org, new AuditQuery { Limit = 1 }, Cancellation)).Items.Single();
        var query = new AuditQuery { After = last.Sequence };
        var nothing = await Admin.ListAuditAsync(Org, query, Cancellation);
        Assert.Equal((0, last.Sequence), (nothing.Items.Count, nothing.Next));
        await Admin.RegisterRunnerAsync(Org, "late", Cancellation);
        await Admin.RegisterRunnerAsync(Org, "later", Cancellation);
        var page = await Admin.ListAuditAsync(Org, query with { After = nothing.Next }, Cancellation);
        Assert.Equal(["runner/late", "runner/later"], page.Items.Select(record => record.Resource));
        Assert.Equal(page.Items[^1].Sequence, page.Next);
    }

    [Fact]
    public async Task EveryFilterHolds()
    {
        var name = UniqueName("kim");
        var kim = Server.Client(await Server.AddUserAsync(name, OrgId, RoleName.Viewer));
        var denied = await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.RegisterRunnerAsync(Org, "mine", Cancellation));
        var now = TimeProvider.System.GetUtcNow();
        Assert.Equal(6, await CountAsync(new AuditQuery { Action = "runner.register" }));
        Assert.Equal(6, await CountAsync(new AuditQuery { Action = "runner.*" }));
        Assert.Equal(0, await CountAsync(new AuditQuery { Action = "runner" }));
        Assert.Equal(1, await CountAsync(new AuditQuery { Actor = name }));
        Assert.Equal(1, await CountAsync(new AuditQuery { Outcome = "denied" }));
        Assert.Equal(1, await CountAsync(new AuditQuery { OperationId = denied.OperationId }));
        Assert.Equal(7, await CountAsync(new AuditQuery { Since = now.AddMinutes(-5), Until = now.AddMinutes(5) }));
        Assert.Equal(0, await CountAsync(new AuditQuery { Since = now.AddMinutes(5) }));
        Assert.Equal(0, await CountAsync(new AuditQuery { Actor = name, Outcome = "allowed" }));
    }

    [Fact]
    public async Task ARecordIsShownWithAllItsFields()
    {
        var record = (await Admin.ListAuditAsync(Org, new AuditQuery { Limit = 1 }, Cancellation)).Items.Single();
        Assert.Equal(("runner.register", "runner/r4", "allowed", "127.0.0.1"), (record.Action, record.Resource, record.Outcome, record.SourceAddress));
        Assert.Equal(("user", "admin", Server.AdminKey[4..16]), (record.Actor.Kind, record.Actor.Name, record.Actor.ApiKeyId));
        Assert.Matches("^[0-9a-f]{64}$", record.Hash);
    }

    [Fact]
    public async Task ThePlatformsListHasTheRecordsOfEveryOrganization()
    {
        var all = await Admin.ListAuditAsync(null, new AuditQuery { Limit = 8 }, Cancellation);
        Assert.Equal(
            ["runner/own", "runner/r4", "runner/r3", "runner/r2", "runner/r1", "runner/r0", $"organization/{_acme}", $"organization/{Org}"],
            all.Items.Select(record => record.Resource));
        Assert.Equal(["runner/own", $"organization/{_acme}"], (await Admin.ListAuditAsync(_acme, cancellationToken: Cancellation)).Items.Select(record => record.Resource));
    }

    [Fact]
    public async Task VerifyingIsRecorded_AndCountsItsOwnRecord()
    {
        var before = (await Server.VerifyAsync()).Records;
        var verification = await Admin.VerifyAuditAsync(Cancellation);
        Assert.Equal((true, before + 1), (verification.Ok, verification.Records));
        Assert.Equal("audit.verify", (await Admin.ListAuditAsync(null, new AuditQuery { Limit = 1 }, Cancellation)).Items.Single().Action);
    }

    [Fact]
    public async Task WhenTheHeadIsGone_VerifyingStillAnswers()
    {
        await using var server = await ServerFixture.StartAsync(database: database);
        await server.TamperAsync("DELETE FROM audit_head");
        var verification = await server.Admin.VerifyAuditAsync(Cancellation);
        Assert.False(verification.Ok);
        Assert.Contains("missing", verification.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryFaultOfAQueryIsTold()
    {
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => Admin.ListAuditAsync(
            Org,
            new AuditQuery
            {
                Limit = 1001, After = -1, Before = -1, Action = "a*b", Outcome = "maybe", Actor = new string('a', 200), OperationId = "a\nb",
                Since = DateTimeOffset.UnixEpoch, Until = DateTimeOffset.UnixEpoch,
            },
            Cancellation));
        Assert.Equal(["action", "actor", "after", "before", "limit", "operationId", "outcome", "until"], problem.Errors!.Keys.Order(StringComparer.Ordinal));
    }

    private async Task<int> CountAsync(AuditQuery query) => (await Admin.ListAuditAsync(Org, query, Cancellation)).Items.Count;
}

public sealed class AuditListTestsOnSqlite(OnSqlite shared) : AuditListTests(shared, DatabaseKind.Sqlite), IClassFixture<OnSqlite>;

public sealed class AuditListTestsOnPostgreSql(OnPostgreSql shared) : AuditListTests(shared, DatabaseKind.PostgreSql), IClassFixture<OnPostgreSql>;
