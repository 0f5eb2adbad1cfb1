using Microsoft.EntityFrameworkCore;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Connections;

/// <summary>Two organizations with the same names in them: each sees, uses and ends its own alone.</summary>
public sealed class CrossOrganizationTests : IAsyncLifetime
{
    private ServerFixture _server = null!;
    private Planton.Api.Client.PlantonApiClient _red = null!;
    private Planton.Api.Client.PlantonApiClient _blue = null!;
    private string _redId = null!;
    private string _blueId = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerFixture.StartAsync();
        _redId = (await _server.Admin.CreateOrganizationAsync("red", Cancellation)).Id;
        _blueId = (await _server.Admin.CreateOrganizationAsync("blue", Cancellation)).Id;
        _red = _server.Client(await _server.AddUserAsync("rita", _redId, RoleName.Owner));
        _blue = _server.Client(await _server.AddUserAsync("bob", _blueId, RoleName.Owner));
        foreach (var (client, organization) in new[] { (_red, "red"), (_blue, "blue") })
        {
            await client.RegisterRunnerAsync(organization, "prod", Cancellation);
            await client.CreateConnectionAsync(organization, new CreateConnectionRequest { Name = "eks", Kind = "kubernetes", Runner = "prod" }, Cancellation);
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task TheSameNameIsAnotherConnectionOnAnotherRunner()
    {
        var (red, blue) = (await _red.GetConnectionAsync("red", "eks", Cancellation), await _blue.GetConnectionAsync("blue", "eks", Cancellation));
        Assert.NotEqual(red.Id, blue.Id);
        Assert.Equal(("red", "blue"), (red.Organization, blue.Organization));
        var runners = await _server.QueryAsync(context => context.Connections.Join(
            context.Runners, c => c.RunnerId, r => r.Id, (c, r) => new { Connection = c.OrganizationId, Runner = r.OrganizationId }).ToListAsync(Cancellation));
        Assert.Equal(2, runners.Count);
        Assert.All(runners, pair => Assert.Equal(pair.Connection, pair.Runner));
    }

    [Fact]
    public async Task ATestGoesToTheOwnTargetAlone()
    {
        var tested = new List<string>();
        _server.Tester.Test = operation =>
        {
            tested.Add(operation.Connection.OrganizationId);
            return Task.FromResult<IReadOnlyList<ConnectionTestStage>>([]);
        };
        await _red.TestConnectionAsync("red", "eks", Cancellation);
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => _red.TestConnectionAsync("blue", "eks", Cancellation));
        await _blue.TestConnectionAsync("blue", "eks", Cancellation);
        Assert.Equal([_redId, _blueId], tested);
    }

    [Fact]
    public async Task NothingOfTheOtherCanBeReadMadeOrEnded()
    {
        Func<Task>[] calls =
        [
            () => _red.GetOrganizationAsync("blue", Cancellation),
            () => _red.DeleteOrganizationAsync("blue", Cancellation),
            () => _red.ListConnectionsAsync("blue", Cancellation),
            () => _red.GetConnectionAsync("blue", "eks", Cancellation),
            () => _red.DeleteConnectionAsync("blue", "eks", Cancellation),
            () => _red.CreateConnectionAsync("blue", new CreateConnectionRequest { Name = "mine", Kind = "kubernetes" }, Cancellation),
            () => _red.ListRunnersAsync("blue", true, Cancellation),
            () => _red.GetRunnerAsync("blue", "prod", Cancellation),
            () => _red.RegisterRunnerAsync("blue", "mine", Cancellation),
            () => _red.GenerateCredentialsAsync("blue", "prod", Cancellation),
        ];
        foreach (var call in calls)
            await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, call);
        Assert.Equal("eks", Assert.Single((await _blue.ListConnectionsAsync("blue", Cancellation)).Items).Name);
        Assert.Equal("prod", Assert.Single((await _blue.ListRunnersAsync("blue", cancellationToken: Cancellation)).Items).Name);
        Assert.Equal(0, await _server.QueryAsync(context => context.RunnerCredentials.CountAsync(Cancellation)));
        var denied = await _server.QueryAsync(context => context.AuditRecords.Where(r => r.ActorName == "rita" && r.Outcome == AuditOutcome.Denied).ToListAsync(Cancellation));
        Assert.Equal(calls.Length, denied.Count);
        // The one who was tried must not find the attempt attributed to its own organization by somebody who is no member.
        Assert.All(denied, record => Assert.Null(record.OrganizationId));
    }

    [Fact]
    public async Task ADeletionEndsTheOwnAlone_AndIsRecordedForTheOwnOrganizationBeforeItIsGone()
    {
        await _red.DeleteConnectionAsync("red", "eks", Cancellation);
        Assert.Empty((await _red.ListConnectionsAsync("red", Cancellation)).Items);
        Assert.Equal("eks", Assert.Single((await _blue.ListConnectionsAsync("blue", Cancellation)).Items).Name);
        var record = await _server.QueryAsync(context => context.AuditRecords.SingleAsync(r => r.Action == AuditAction.DeleteConnection, Cancellation));
        Assert.Equal(("connection/eks", AuditOutcome.Allowed, "rita", _redId), (record.Resource, record.Outcome, record.ActorName, record.OrganizationId));
    }

    [Fact]
    public async Task ADeletionThatCannotBeRecorded_DeletesNothing()
    {
        await RefusingTrigger.AddAsync(_server, "no_more_audit", "INSERT", "audit_records");
        _server.Log.ExpectError(_ => true);
        await Expect.ProblemAsync(ErrorCode.Internal, () => _red.DeleteConnectionAsync("red", "eks", Cancellation));
        Assert.Single((await _red.ListConnectionsAsync("red", Cancellation)).Items);
    }

    [Fact]
    public async Task ADeletionOfWhatIsNotThere_IsNotRecordedAsDone()
    {
        await Expect.ProblemAsync(ErrorCode.ConnectionNotFound, () => _red.DeleteConnectionAsync("red", "nothing", Cancellation));
        Assert.False(await _server.QueryAsync(context => context.AuditRecords.AnyAsync(
            r => r.Action == AuditAction.DeleteConnection && r.Outcome == AuditOutcome.Allowed, Cancellation)));
    }

    [Fact]
    public async Task ARunnersKeyReadsItsOwnOrganizationAlone()
    {
        var runner = _server.Client((await _red.GenerateCredentialsAsync("red", "prod", Cancellation)).Credentials.ApiKey!);
        Assert.Equal("red", Assert.Single((await runner.ListOrganizationsAsync(Cancellation)).Items).Name);
        Assert.Single((await runner.ListConnectionsAsync("red", Cancellation)).Items);
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => runner.ListConnectionsAsync("blue", Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => runner.DeleteConnectionAsync("red", "eks", Cancellation));
    }

    [Fact]
    public async Task WhoIsInBoth_MovesNothingFromOneToTheOther()
    {
        // The administrator owns both. A connection of one still takes a runner of its own organization by that name.
        await _server.Admin.RegisterRunnerAsync("blue", "only-blue", Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => _server.Admin.CreateConnectionAsync(
            "red", new CreateConnectionRequest { Name = "borrowed", Kind = "kubernetes", Runner = "only-blue" }, Cancellation));
        Assert.DoesNotContain("Did you mean only-blue", problem.Hint ?? "", StringComparison.Ordinal);
    }
}
