using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.ServiceAccounts;

public sealed class ServiceAccountTests : IAsyncLifetime
{
    private ServerFixture _server = null!;
    private PlantonApiClient _manager = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerFixture.StartAsync();
        _manager = _server.Client(await _server.AddUserAsync("manager", await _server.DefaultOrganizationIdAsync(), RoleName.Admin));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task AnAccountIsAViewerWithoutKeys_UntilItIsGivenSome()
    {
        var made = await _manager.CreateServiceAccountAsync("default", "ci", cancellationToken: Cancellation);
        Assert.Equal(("ci", RoleName.Viewer, null, 0), (made.Name, made.Role, made.Runner, made.ValidKeys));
        var key = await _manager.CreateServiceAccountKeyAsync("default", "ci", TimeSpan.FromDays(90), Cancellation);
        Assert.Equal(key.ApiKey.CreatedAt.AddDays(90), key.ApiKey.ExpiresAt);
        var ci = _server.Client(key.Key);
        var caller = await ci.GetCallerAsync(Cancellation);
        Assert.Equal((CallerKind.ServiceAccount, "ci", made.Id), (caller.Kind, caller.Name, caller.Id));
        Assert.Equal(("default", RoleName.Viewer), (caller.Organizations[0].Name, caller.Organizations[0].Role));
        await ci.ListRunnersAsync("default", cancellationToken: Cancellation);
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => ci.RegisterRunnerAsync("default", "r", Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => ci.CreateOrganizationAsync("its-own", Cancellation));
        Assert.Equal(made with { ValidKeys = 1 }, await _manager.GetServiceAccountAsync("default", "ci", Cancellation));
        Assert.Equal(key.ApiKey.Id, Assert.Single((await ci.ListApiKeysAsync(Cancellation)).Items).Id);
    }

    [Fact]
    public async Task ARevokedKeyIsRefusedAtOnce_AndItsSisterIsNot()
    {
        await _manager.CreateServiceAccountAsync("default", "ci", cancellationToken: Cancellation);
        var first = await _manager.CreateServiceAccountKeyAsync("default", "ci", cancellationToken: Cancellation);
        var second = await _manager.CreateServiceAccountKeyAsync("default", "ci", cancellationToken: Cancellation);
        await _server.Client(first.Key).GetCallerAsync(Cancellation);
        await _manager.RevokeServiceAccountKeyAsync("default", "ci", first.ApiKey.Id, Cancellation);
        await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => _server.Client(first.Key).GetCallerAsync(Cancellation));
        await _server.Client(second.Key).GetCallerAsync(Cancellation);
        var keys = (await _manager.ListServiceAccountKeysAsync("default", "ci", Cancellation)).Items;
        Assert.Equal([first.ApiKey.Id], keys.Where(key => key.RevokedAt is not null).Select(key => key.Id));
        Assert.Equal(1, (await _manager.GetServiceAccountAsync("default", "ci", Cancellation)).ValidKeys);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => _manager.RevokeServiceAccountKeyAsync("default", "ci", "nothing", Cancellation));
    }

    [Fact]
    public async Task ADeletedAccountsKeysAreGoneAtOnce()
    {
        await _manager.CreateServiceAccountAsync("default", "ci", cancellationToken: Cancellation);
        var key = await _manager.CreateServiceAccountKeyAsync("default", "ci", cancellationToken: Cancellation);
        await _server.Client(key.Key).GetCallerAsync(Cancellation);
        await _manager.DeleteServiceAccountAsync("default", "ci", Cancellation);
        await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => _server.Client(key.Key).GetCallerAsync(Cancellation));
        Assert.Empty((await _manager.ListServiceAccountsAsync("default", Cancellation)).Items);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => _manager.DeleteServiceAccountAsync("default", "ci", Cancellation));
    }

    [Fact]
    public async Task NobodyGivesOrUsesMoreThanTheyHave()
    {
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => _manager.CreateServiceAccountAsync("default", "up", RoleName.Owner, Cancellation));
        await _manager.CreateServiceAccountAsync("default", "same", RoleName.Admin, Cancellation);
        await _server.Admin.CreateServiceAccountAsync("default", "up", RoleName.Owner, Cancellation);
        var key = await _server.Admin.CreateServiceAccountKeyAsync("default", "up", cancellationToken: Cancellation);
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => _manager.CreateServiceAccountKeyAsync("default", "up", cancellationToken: Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => _manager.RevokeServiceAccountKeyAsync("default", "up", key.ApiKey.Id, Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => _manager.DeleteServiceAccountAsync("default", "up", Cancellation));
        Assert.Equal(4, await _server.QueryAsync(context => context.AuditRecords.CountAsync(
            record => record.Outcome == AuditOutcome.Denied && record.ActorName == "manager" && record.Resource == "service-account/up", Cancellation)));
        await _server.Client(key.Key).GetCallerAsync(Cancellation);
    }

    [Fact]
    public async Task ARunnersOwnIsSeen_AndLeftToItsRunner()
    {
        var credentials = (await _server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials;
        var account = Assert.Single((await _manager.ListServiceAccountsAsync("default", Cancellation)).Items);
        Assert.Equal(("runner-prod", "prod", 1, RoleName.Viewer), (account.Name, account.Runner, account.ValidKeys, account.Role));
        var id = Assert.Single((await _manager.ListServiceAccountKeysAsync("default", "runner-prod", Cancellation)).Items).Id;
        var refused = await Expect.ProblemAsync(ErrorCode.Conflict, () => _server.Admin.DeleteServiceAccountAsync("default", "runner-prod", Cancellation));
        Assert.Contains("planton runner delete prod", refused.Hint, StringComparison.Ordinal);
        await Expect.ProblemAsync(ErrorCode.Conflict, () => _server.Admin.CreateServiceAccountKeyAsync("default", "runner-prod", cancellationToken: Cancellation));
        await Expect.ProblemAsync(ErrorCode.Conflict, () => _server.Admin.RevokeServiceAccountKeyAsync("default", "runner-prod", id, Cancellation));
        await _server.Client(credentials.ApiKey!).GetCallerAsync(Cancellation);
    }

    [Theory]
    [InlineData("runner-ci", "viewer", "name")]
    [InlineData("runner-", "viewer", "name")]
    [InlineData("CI", "viewer", "name")]
    [InlineData("ci", "root", "role")]
    public async Task AWrongNameOrRoleIsRefusedByField(string name, string role, string field)
    {
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => _manager.CreateServiceAccountAsync("default", name, role, Cancellation));
        Assert.True(problem.Errors!.ContainsKey(field));
    }

    [Fact]
    public async Task ANameIsTakenOnceInAnOrganization_AndForeignOnesAreNotThere()
    {
        await _server.Admin.CreateOrganizationAsync("other", Cancellation);
        await _server.Admin.CreateServiceAccountAsync("other", "ci", cancellationToken: Cancellation);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => _server.Admin.GetServiceAccountAsync("default", "ci", Cancellation));
        await _manager.CreateServiceAccountAsync("default", "ci", cancellationToken: Cancellation);
        await Expect.ProblemAsync(ErrorCode.AlreadyExists, () => _manager.CreateServiceAccountAsync("default", "ci", cancellationToken: Cancellation));
        var near = await Expect.ProblemAsync(ErrorCode.NotFound, () => _manager.GetServiceAccountAsync("default", "cii", Cancellation));
        Assert.Contains("Did you mean ci?", near.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NewKeysAreInNoRecordAndNoLogLine()
    {
        await _manager.CreateServiceAccountAsync("default", "ci", cancellationToken: Cancellation);
        var key = (await _manager.CreateServiceAccountKeyAsync("default", "ci", cancellationToken: Cancellation)).Key;
        var record = await _server.QueryAsync(context => context.AuditRecords.SingleAsync(record => record.Action == AuditAction.CreateServiceAccountKey, Cancellation));
        Assert.Contains(key[4..16], record.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(key[16..], record.Detail + _server.Log.Text, StringComparison.Ordinal);
    }
}
