using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Connections;

/// <summary>Two organizations with the same names in them: each sees, uses and ends its own alone.</summary>
public abstract class CrossOrganizationTests(SharedServer shared) : SharedServerTest(shared)
{
    private PlantonApiClient _rita = null!;
    private PlantonApiClient _bob = null!;
    private string _ritasName = "";
    private string _red = "";
    private string _blue = "";
    private string _redId = "";
    private string _blueId = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (_red, _redId) = await NewOrganizationAsync("red");
        (_blue, _blueId) = await NewOrganizationAsync("blue");
        _ritasName = UniqueName("rita");
        _rita = Server.Client(await Server.AddUserAsync(_ritasName, _redId, RoleName.Owner));
        _bob = Server.Client(await Server.AddUserAsync(UniqueName("bob"), _blueId, RoleName.Owner));
        foreach (var (client, organization) in new[] { (_rita, _red), (_bob, _blue) })
        {
            await client.RegisterRunnerAsync(organization, "prod", Cancellation);
            await client.CreateConnectionAsync(organization, new CreateConnectionRequest { Name = "eks", Kind = "kubernetes", Runner = "prod" }, Cancellation);
        }
    }

    [Fact]
    public async Task TheSameNameIsAnotherConnectionOnAnotherRunner()
    {
        var (red, blue) = (await _rita.GetConnectionAsync(_red, "eks", Cancellation), await _bob.GetConnectionAsync(_blue, "eks", Cancellation));
        Assert.NotEqual(red.Id, blue.Id);
        Assert.Equal((_red, _blue), (red.Organization, blue.Organization));
        var runners = await Server.QueryAsync(context => context.Connections.Where(c => c.OrganizationId == _redId || c.OrganizationId == _blueId).Join(
            context.Runners, c => c.RunnerId, r => r.Id, (c, r) => new { Connection = c.OrganizationId, Runner = r.OrganizationId }).ToListAsync(Cancellation));
        Assert.Equal(2, runners.Count);
        Assert.All(runners, pair => Assert.Equal(pair.Connection, pair.Runner));
    }

    [Fact]
    public async Task ATestGoesToTheOwnTargetAlone()
    {
        var tested = new List<string>();
        Server.Tester.Test = operation =>
        {
            tested.Add(operation.Connection.OrganizationId);
            return Task.FromResult<IReadOnlyList<ConnectionTestStage>>([]);
        };
        await _rita.TestConnectionAsync(_red, "eks", Cancellation);
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => _rita.TestConnectionAsync(_blue, "eks", Cancellation));
        await _bob.TestConnectionAsync(_blue, "eks", Cancellation);
        Assert.Equal([_redId, _blueId], tested);
    }

    [Fact]
    public async Task NothingOfTheOtherCanBeReadMadeOrEnded()
    {
        Func<Task>[] calls =
        [
            () => _rita.GetOrganizationAsync(_blue, Cancellation),
            () => _rita.DeleteOrganizationAsync(_blue, Cancellation),
            () => _rita.ListConnectionsAsync(_blue, Cancellation),
            () => _rita.GetConnectionAsync(_blue, "eks", Cancellation),
            () => _rita.DeleteConnectionAsync(_blue, "eks", Cancellation),
            () => _rita.CreateConnectionAsync(_blue, new CreateConnectionRequest { Name = "mine", Kind = "kubernetes" }, Cancellation),
            () => _rita.ListRunnersAsync(_blue, true, Cancellation),
            () => _rita.GetRunnerAsync(_blue, "prod", Cancellation),
            () => _rita.RegisterRunnerAsync(_blue, "mine", Cancellation),
            () => _rita.GenerateCredentialsAsync(_blue, "prod", Cancellation),
        ];
        foreach (var call in calls)
            await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, call);
        Assert.Equal("eks", Assert.Single((await _bob.ListConnectionsAsync(_blue, Cancellation)).Items).Name);
        Assert.Equal("prod", Assert.Single((await _bob.ListRunnersAsync(_blue, cancellationToken: Cancellation)).Items).Name);
        Assert.Equal(0, await Server.QueryAsync(context => context.RunnerCredentials.CountAsync(
            credential => context.Runners.Any(r => r.Id == credential.RunnerId && (r.OrganizationId == _redId || r.OrganizationId == _blueId)), Cancellation)));
        var denied = await Server.QueryAsync(context => context.AuditRecords
            .Where(r => r.ActorName == _ritasName && r.Outcome == AuditOutcome.Denied).ToListAsync(Cancellation));
        Assert.Equal(calls.Length, denied.Count);
        // No member of that organization made the attempts, so its trail does not hold them.
        Assert.All(denied, record => Assert.Null(record.OrganizationId));
    }

    [Fact]
    public async Task ADeletionEndsTheOwnAlone_AndIsRecordedForTheOwnOrganizationBeforeItIsGone()
    {
        await _rita.DeleteConnectionAsync(_red, "eks", Cancellation);
        Assert.Empty((await _rita.ListConnectionsAsync(_red, Cancellation)).Items);
        Assert.Equal("eks", Assert.Single((await _bob.ListConnectionsAsync(_blue, Cancellation)).Items).Name);
        var record = await Server.QueryAsync(context => context.AuditRecords.SingleAsync(
            r => r.Action == AuditAction.DeleteConnection && r.ActorName == _ritasName, Cancellation));
        Assert.Equal(("connection/eks", AuditOutcome.Allowed, _ritasName, _redId), (record.Resource, record.Outcome, record.ActorName, record.OrganizationId));
    }

    [Fact]
    public async Task ADeletionThatCannotBeRecorded_DeletesNothing()
    {
        await RefusingTrigger.AddAsync(Server, "no_more_audit", "INSERT", "audit_records");
        Server.Log.ExpectError(_ => true);
        try
        {
            await Expect.ProblemAsync(ErrorCode.Internal, () => _rita.DeleteConnectionAsync(_red, "eks", Cancellation));
        }
        finally
        {
            await RefusingTrigger.RemoveAsync(Server, "no_more_audit", "audit_records");
        }

        Assert.Single((await _rita.ListConnectionsAsync(_red, Cancellation)).Items);
    }

    [Fact]
    public async Task ADeletionOfWhatIsNotThere_IsNotRecordedAsDone()
    {
        await Expect.ProblemAsync(ErrorCode.ConnectionNotFound, () => _rita.DeleteConnectionAsync(_red, "nothing", Cancellation));
        Assert.False(await Server.QueryAsync(context => context.AuditRecords.AnyAsync(
            r => r.Action == AuditAction.DeleteConnection && r.Outcome == AuditOutcome.Allowed && r.ActorName == _ritasName, Cancellation)));
    }

    [Fact]
    public async Task ARunnersKeyReadsItsOwnOrganizationAlone()
    {
        var runner = Server.Client((await _rita.GenerateCredentialsAsync(_red, "prod", Cancellation)).Credentials.ApiKey!);
        Assert.Equal(_red, Assert.Single((await runner.ListOrganizationsAsync(Cancellation)).Items).Name);
        Assert.Single((await runner.ListConnectionsAsync(_red, Cancellation)).Items);
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => runner.ListConnectionsAsync(_blue, Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => runner.DeleteConnectionAsync(_red, "eks", Cancellation));
    }

    [Fact]
    public async Task AMemberOfBoth_CannotMoveAnythingFromOneToTheOther()
    {
        // The administrator owns both. A connection of one still takes a runner of its own organization by that name.
        await Admin.RegisterRunnerAsync(_blue, "only-blue", Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Admin.CreateConnectionAsync(
            _red, new CreateConnectionRequest { Name = "borrowed", Kind = "kubernetes", Runner = "only-blue" }, Cancellation));
        Assert.DoesNotContain("Did you mean only-blue", problem.Hint ?? "", StringComparison.Ordinal);
    }
}

public sealed class CrossOrganizationTestsOnSqlite(OnSqlite shared) : CrossOrganizationTests(shared), IClassFixture<OnSqlite>;

public sealed class CrossOrganizationTestsOnPostgreSql(OnPostgreSql shared) : CrossOrganizationTests(shared), IClassFixture<OnPostgreSql>;
