using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.ServiceAccounts;

public abstract class ServiceAccountTests(SharedServer shared) : SharedServerTest(shared)
{
    private string _managerName = "";
    private PlantonApiClient _manager = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _managerName = UniqueName("manager");
        _manager = Server.Client(await Server.AddUserAsync(_managerName, OrgId, RoleName.Admin));
    }

    [Fact]
    public async Task AnAccountIsAViewerWithoutKeys_UntilItIsGivenSome()
    {
        var made = await _manager.CreateServiceAccountAsync(Org, "ci", cancellationToken: Cancellation);
        Assert.Equal(("ci", RoleName.Viewer, null, 0), (made.Name, made.Role, made.Runner, made.ValidKeys));
        var key = await _manager.CreateServiceAccountKeyAsync(Org, "ci", TimeSpan.FromDays(90), Cancellation);
        Assert.Equal(key.ApiKey.CreatedAt.AddDays(90), key.ApiKey.ExpiresAt);
        var ci = Server.Client(key.Key);
        var caller = await ci.GetCallerAsync(Cancellation);
        Assert.Equal((CallerKind.ServiceAccount, "ci", made.Id), (caller.Kind, caller.Name, caller.Id));
        Assert.Equal((Org, RoleName.Viewer), (caller.Organizations[0].Name, caller.Organizations[0].Role));
        await ci.ListRunnersAsync(Org, cancellationToken: Cancellation);
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => ci.RegisterRunnerAsync(Org, "r", Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => ci.CreateOrganizationAsync(UniqueName("its-own"), Cancellation));
        Assert.Equal(made with { ValidKeys = 1 }, await _manager.GetServiceAccountAsync(Org, "ci", Cancellation));
        Assert.Equal(key.ApiKey.Id, Assert.Single((await ci.ListApiKeysAsync(Cancellation)).Items).Id);
    }

    [Fact]
    public async Task ARevokedKeyIsRefusedAtOnce_AndItsSisterIsNot()
    {
        await _manager.CreateServiceAccountAsync(Org, "ci", cancellationToken: Cancellation);
        var first = await _manager.CreateServiceAccountKeyAsync(Org, "ci", cancellationToken: Cancellation);
        var second = await _manager.CreateServiceAccountKeyAsync(Org, "ci", cancellationToken: Cancellation);
        await Server.Client(first.Key).GetCallerAsync(Cancellation);
        await _manager.RevokeServiceAccountKeyAsync(Org, "ci", first.ApiKey.Id, Cancellation);
        await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => Server.Client(first.Key).GetCallerAsync(Cancellation));
        await Server.Client(second.Key).GetCallerAsync(Cancellation);
        var keys = (await _manager.ListServiceAccountKeysAsync(Org, "ci", Cancellation)).Items;
        Assert.Equal([first.ApiKey.Id], keys.Where(key => key.RevokedAt is not null).Select(key => key.Id));
        Assert.Equal(1, (await _manager.GetServiceAccountAsync(Org, "ci", Cancellation)).ValidKeys);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => _manager.RevokeServiceAccountKeyAsync(Org, "ci", "nothing", Cancellation));
    }

    [Fact]
    public async Task ADeletedAccountsKeysAreGoneAtOnce()
    {
        await _manager.CreateServiceAccountAsync(Org, "ci", cancellationToken: Cancellation);
        var key = await _manager.CreateServiceAccountKeyAsync(Org, "ci", cancellationToken: Cancellation);
        await Server.Client(key.Key).GetCallerAsync(Cancellation);
        await _manager.DeleteServiceAccountAsync(Org, "ci", Cancellation);
        await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => Server.Client(key.Key).GetCallerAsync(Cancellation));
        Assert.Empty((await _manager.ListServiceAccountsAsync(Org, Cancellation)).Items);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => _manager.DeleteServiceAccountAsync(Org, "ci", Cancellation));
    }

    [Fact]
    public async Task ACallerGivesAndUsesNoMoreThanItsOwnRole()
    {
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => _manager.CreateServiceAccountAsync(Org, "up", RoleName.Owner, Cancellation));
        await _manager.CreateServiceAccountAsync(Org, "same", RoleName.Admin, Cancellation);
        await Admin.CreateServiceAccountAsync(Org, "up", RoleName.Owner, Cancellation);
        var key = await Admin.CreateServiceAccountKeyAsync(Org, "up", cancellationToken: Cancellation);
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => _manager.CreateServiceAccountKeyAsync(Org, "up", cancellationToken: Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => _manager.RevokeServiceAccountKeyAsync(Org, "up", key.ApiKey.Id, Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => _manager.DeleteServiceAccountAsync(Org, "up", Cancellation));
        Assert.Equal(4, await Server.QueryAsync(context => context.AuditRecords.CountAsync(
            record => record.Outcome == AuditOutcome.Denied && record.OrganizationId == OrgId && record.ActorName == _managerName && record.Resource == "service-account/up", Cancellation)));
        await Server.Client(key.Key).GetCallerAsync(Cancellation);
    }

    [Fact]
    public async Task ARunnersOwnIsSeen_AndLeftToItsRunner()
    {
        var credentials = (await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials;
        var account = Assert.Single((await _manager.ListServiceAccountsAsync(Org, Cancellation)).Items);
        Assert.Equal(("runner-prod", "prod", 1, RoleName.Viewer), (account.Name, account.Runner, account.ValidKeys, account.Role));
        var id = Assert.Single((await _manager.ListServiceAccountKeysAsync(Org, "runner-prod", Cancellation)).Items).Id;
        var refused = await Expect.ProblemAsync(ErrorCode.Conflict, () => Admin.DeleteServiceAccountAsync(Org, "runner-prod", Cancellation));
        Assert.Contains("planton runner delete prod", refused.Hint, StringComparison.Ordinal);
        await Expect.ProblemAsync(ErrorCode.Conflict, () => Admin.CreateServiceAccountKeyAsync(Org, "runner-prod", cancellationToken: Cancellation));
        await Expect.ProblemAsync(ErrorCode.Conflict, () => Admin.RevokeServiceAccountKeyAsync(Org, "runner-prod", id, Cancellation));
        await Server.Client(credentials.ApiKey!).GetCallerAsync(Cancellation);
    }

    [Theory]
    [InlineData("runner-ci", "viewer", "name")]
    [InlineData("runner-", "viewer", "name")]
    [InlineData("CI", "viewer", "name")]
    [InlineData("ci", "root", "role")]
    public async Task AWrongNameOrRoleIsRefusedByField(string name, string role, string field)
    {
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => _manager.CreateServiceAccountAsync(Org, name, role, Cancellation));
        Assert.True(problem.Errors!.ContainsKey(field));
    }

    [Fact]
    public async Task ANameIsTakenOnceInAnOrganization_AndForeignOnesAreNotThere()
    {
        var (other, _) = await NewOrganizationAsync("other");
        await Admin.CreateServiceAccountAsync(other, "ci", cancellationToken: Cancellation);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => Admin.GetServiceAccountAsync(Org, "ci", Cancellation));
        await _manager.CreateServiceAccountAsync(Org, "ci", cancellationToken: Cancellation);
        await Expect.ProblemAsync(ErrorCode.AlreadyExists, () => _manager.CreateServiceAccountAsync(Org, "ci", cancellationToken: Cancellation));
        var near = await Expect.ProblemAsync(ErrorCode.NotFound, () => _manager.GetServiceAccountAsync(Org, "cii", Cancellation));
        Assert.Contains("Did you mean ci?", near.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NewKeysAreInNoRecordAndNoLogLine()
    {
        await _manager.CreateServiceAccountAsync(Org, "ci", cancellationToken: Cancellation);
        var key = (await _manager.CreateServiceAccountKeyAsync(Org, "ci", cancellationToken: Cancellation)).Key;
        var record = await Server.QueryAsync(context => context.AuditRecords.SingleAsync(
            record => record.OrganizationId == OrgId && record.Action == AuditAction.CreateServiceAccountKey, Cancellation));
        Assert.Contains(key[4..16], record.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(key[16..], record.Detail + Server.Log.Text, StringComparison.Ordinal);
    }
}

public sealed class ServiceAccountTestsOnSqlite(OnSqlite shared) : ServiceAccountTests(shared), IClassFixture<OnSqlite>;

public sealed class ServiceAccountTestsOnPostgreSql(OnPostgreSql shared) : ServiceAccountTests(shared), IClassFixture<OnPostgreSql>;
