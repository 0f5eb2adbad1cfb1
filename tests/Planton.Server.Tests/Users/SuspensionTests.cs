using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Api.Secrets;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Users;

public abstract class SuspensionTests(SharedServer shared) : SharedServerTest(shared)
{
    private string _name = "";
    private string _key = "";
    private PlantonApiClient _kim = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _name = UniqueName("kim");
        _key = (await Admin.CreateUserAsync(_name, cancellationToken: Cancellation)).Key;
        _kim = Server.Client(_key);
    }

    [Fact]
    public async Task EveryKeyIsRefusedAtOnceWithTheReason_UntilTheUserIsResumed()
    {
        var second = Server.Client((await _kim.CreateApiKeyAsync(cancellationToken: Cancellation)).Key);
        await second.GetCallerAsync(Cancellation);

        var suspended = await Admin.SuspendUserAsync(_name, Cancellation);

        foreach (var client in new[] { _kim, second })
        {
            var problem = await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => client.GetCallerAsync(Cancellation));
            Assert.Contains($"user {_name} is suspended since ", problem.Detail, StringComparison.Ordinal);
            Assert.Contains($"planton user resume {_name}", problem.Hint, StringComparison.Ordinal);
        }

        Assert.NotNull(suspended.User.SuspendedAt);
        Assert.Empty(suspended.FrozenOrganizations);
        Assert.Equal(suspended.User, (await Admin.ListUsersAsync(Cancellation)).Items.Single(user => user.Name == _name));
        Assert.Equal(suspended.User, (await Admin.SuspendUserAsync(_name, Cancellation)).User);
        Assert.Null((await Admin.ResumeUserAsync(_name, Cancellation)).SuspendedAt);
        await _kim.GetCallerAsync(Cancellation);
        await second.GetCallerAsync(Cancellation);
        Assert.Equal(["user.suspend", "user.suspend", "user.resume"], await RecordedAsync());
    }

    [Fact]
    public async Task RevokingTheKeys_EndsAllOfThem_AndLeavesTheUser()
    {
        var second = Server.Client((await _kim.CreateApiKeyAsync(cancellationToken: Cancellation)).Key);
        await Admin.SetMemberAsync(Org, _name, RoleName.Member, Cancellation);

        Assert.Equal(2, (await Admin.RevokeUserKeysAsync(_name, Cancellation)).Revoked);

        foreach (var client in new[] { _kim, second })
        {
            var problem = await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => client.GetCallerAsync(Cancellation));
            Assert.Contains("was revoked at", problem.Detail, StringComparison.Ordinal);
        }

        Assert.Contains((await Admin.ListMembersAsync(Org, Cancellation)).Items, member => member.User == _name);
        Assert.Equal(0, (await Admin.RevokeUserKeysAsync(_name, Cancellation)).Revoked);
        Assert.Equal(["user.revoke-keys", "user.revoke-keys"], await RecordedAsync());
    }

    [Fact]
    public async Task TheOnlyOwnerOfAnOrganizationIsSuspended_AndTheOrganizationFreezes()
    {
        var acme = await OwnAsync();
        var member = Server.Client(await Server.AddUserAsync(UniqueName("lee"), acme.Id, RoleName.Admin));
        await member.PutSecretAsync(acme.Name, "s", new PutSecretRequest { Value = "v" }, cancellationToken: Cancellation);
        await _kim.CreateServiceAccountAsync(acme.Name, "ci", RoleName.Owner, Cancellation);
        var account = Server.Client((await _kim.CreateServiceAccountKeyAsync(acme.Name, "ci", cancellationToken: Cancellation)).Key);

        Assert.Equal([acme.Name], (await Admin.SuspendUserAsync(_name, Cancellation)).FrozenOrganizations);

        foreach (var client in new[] { member, account })
        {
            foreach (var refused in new Func<Task>[]
            {
                () => client.CreateEnvironmentAsync(acme.Name, "e", Cancellation),
                () => client.CreateServiceAccountAsync(acme.Name, "more", cancellationToken: Cancellation),
                () => client.RegisterRunnerAsync(acme.Name, "r", Cancellation),
                () => client.CreateConnectionAsync(acme.Name, new CreateConnectionRequest { Name = "c", Kind = "kubernetes" }, Cancellation),
                () => client.TestConnectionAsync(acme.Name, "c", Cancellation),
                () => client.RevealSecretAsync(acme.Name, "s", cancellationToken: Cancellation),
                () => client.SetMemberAsync(acme.Name, _name, RoleName.Viewer, Cancellation),
            })
            {
                var problem = await Expect.ProblemAsync(ErrorCode.PermissionDenied, refused);
                Assert.Contains($"organization \"{acme.Name}\" is frozen", problem.Detail, StringComparison.Ordinal);
                Assert.Contains("A platform operator can help: planton user resume NAME", problem.Hint, StringComparison.Ordinal);
                Assert.Contains($"planton member set NAME --role owner --org {acme.Name}", problem.Hint, StringComparison.Ordinal);
            }

            await client.ListConnectionsAsync(acme.Name, Cancellation);
            await client.ListSecretsAsync(acme.Name, cancellationToken: Cancellation);
            await client.ListMembersAsync(acme.Name, Cancellation);
        }

        await Admin.ResumeUserAsync(_name, Cancellation);
        await member.CreateEnvironmentAsync(acme.Name, "e", Cancellation);
    }

    [Fact]
    public async Task AnOrganizationWithAnotherOwner_GoesOn_AndKeepsThatOne()
    {
        await Admin.SetMemberAsync(Org, _name, RoleName.Owner, Cancellation);
        var lee = UniqueName("lee");
        var other = Server.Client(await Server.AddUserAsync(lee, OrgId, RoleName.Owner));
        await Admin.RemoveMemberAsync(Org, "admin", Cancellation);

        Assert.Empty((await Admin.SuspendUserAsync(_name, Cancellation)).FrozenOrganizations);

        await other.CreateEnvironmentAsync(Org, "e", Cancellation);
        // The last owner who can act, although there is another one.
        await Expect.ProblemAsync(ErrorCode.Conflict, () => other.SetMemberAsync(Org, lee, RoleName.Admin, Cancellation));
        await Expect.ProblemAsync(ErrorCode.Conflict, () => other.RemoveMemberAsync(Org, lee, Cancellation));
        await Expect.ProblemAsync(ErrorCode.Conflict, () => other.LeaveOrganizationAsync(Org, Cancellation));
        await Expect.ProblemAsync(ErrorCode.Conflict, () => Admin.DeleteUserAsync(lee, Cancellation));
        Assert.Equal([Org], (await Admin.SuspendUserAsync(lee, Cancellation)).FrozenOrganizations);
        // Of two suspended owners the first may go, and the last may not.
        await Admin.DeleteUserAsync(_name, Cancellation);
        await Expect.ProblemAsync(ErrorCode.Conflict, () => Admin.DeleteUserAsync(lee, Cancellation));
    }

    [Fact]
    public async Task AnOperatorGivesAFrozenOrganizationAnOwner_AndDoesNothingElseThere()
    {
        var acme = await OwnAsync();
        var lee = UniqueName("lee");
        var heir = Server.Client(await Server.AddUserAsync(lee, acme.Id, RoleName.Viewer));
        // While it has an owner, it is as if it did not exist.
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => Admin.SetMemberAsync(acme.Name, lee, RoleName.Owner, Cancellation));
        await Admin.SuspendUserAsync(_name, Cancellation);

        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => Admin.SetMemberAsync(acme.Name, lee, RoleName.Admin, Cancellation));
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => Admin.ListMembersAsync(acme.Name, Cancellation));
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => Admin.RemoveMemberAsync(acme.Name, _name, Cancellation));
        await Expect.ProblemAsync(ErrorCode.Conflict, () => Admin.SetMemberAsync(acme.Name, _name, RoleName.Owner, Cancellation));
        await Expect.ProblemAsync(ErrorCode.NotFound, () => Admin.SetMemberAsync(acme.Name, UniqueName("nobody"), RoleName.Owner, Cancellation));
        var stranger = Server.Client(await Server.AddUserAsync(UniqueName("stranger")));
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => stranger.SetMemberAsync(acme.Name, lee, RoleName.Owner, Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => heir.SetMemberAsync(acme.Name, lee, RoleName.Owner, Cancellation));

        Assert.Equal(RoleName.Owner, (await Admin.SetMemberAsync(acme.Name, lee, RoleName.Owner, Cancellation)).Role);

        await heir.CreateEnvironmentAsync(acme.Name, "e", Cancellation);
        var record = (await heir.ListAuditAsync(acme.Name, cancellationToken: Cancellation)).Items
            .Single(item => item is { Action: AuditAction.SetMember, Outcome: AuditOutcome.Allowed });
        Assert.Equal(("admin", $"member/{lee}", "owner, was viewer; the organization was frozen"), (record.Actor.Name, record.Resource, record.Detail));
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => Admin.SetMemberAsync(acme.Name, lee, RoleName.Owner, Cancellation));
        // Now the first owner can be removed for good.
        await heir.RemoveMemberAsync(acme.Name, _name, Cancellation);
        await Admin.DeleteUserAsync(_name, Cancellation);
    }

    [Fact]
    public async Task OnlyOperatorsMay_AndAnUnknownUserIsSaid()
    {
        var owner = Server.Client(await AddUserAsync(RoleName.Owner));
        foreach (var call in new Func<PlantonApiClient, string, Task>[]
        {
            (client, name) => client.SuspendUserAsync(name, Cancellation), (client, name) => client.ResumeUserAsync(name, Cancellation),
            (client, name) => client.RevokeUserKeysAsync(name, Cancellation),
        })
        {
            await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => call(owner, _name));
            var unknown = await Expect.ProblemAsync(ErrorCode.NotFound, () => call(Admin, $"{_name}x"));
            Assert.Contains($"Did you mean {_name}", unknown.Hint, StringComparison.Ordinal);
        }

        await _kim.GetCallerAsync(Cancellation);
    }

    private async Task<(string Name, string Id)> OwnAsync()
    {
        var made = await _kim.CreateOrganizationAsync(UniqueName("acme"), Cancellation);
        return (made.Name, made.Id);
    }

    private Task<List<string>> RecordedAsync() => Server.QueryAsync(context => context.AuditRecords
        .Where(record => record.Resource == $"user/{_name}" && record.Outcome == AuditOutcome.Allowed && record.Action != AuditAction.CreateUser)
        .OrderBy(record => record.Sequence).Select(record => record.Action).ToListAsync(Cancellation));
}

public sealed class SuspensionTestsOnSqlite(OnSqlite shared) : SuspensionTests(shared), IClassFixture<OnSqlite>;

public sealed class SuspensionTestsOnPostgreSql(OnPostgreSql shared) : SuspensionTests(shared), IClassFixture<OnPostgreSql>;
