using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Members;

public abstract class MemberTests(SharedServer shared) : SharedServerTest(shared)
{
    private readonly Dictionary<string, string> _names = [];
    private readonly Dictionary<string, PlantonApiClient> _clients = [];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var role in new[] { RoleName.Viewer, RoleName.Member, RoleName.Admin, RoleName.Owner })
            _clients[role] = Server.Client(await Server.AddUserAsync(_names[role] = UniqueName($"the-{role}"), OrgId, role));
        _clients["kim"] = Server.Client(await Server.AddUserAsync(_names["kim"] = UniqueName("kim")));
    }

    [Fact]
    public async Task AUserIsAdded_ChangedAndRemoved_WithEffectAtOnce()
    {
        var kim = _clients["kim"];
        Assert.Empty((await kim.GetCallerAsync(Cancellation)).Organizations);
        var added = await _clients[RoleName.Admin].SetMemberAsync(Org, _names["kim"], RoleName.Viewer, Cancellation);
        Assert.Equal((_names["kim"], RoleName.Viewer), (added.User, added.Role));
        Assert.Equal(added, (await kim.ListMembersAsync(Org, Cancellation)).Items.Single(member => member.User == _names["kim"]));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.SetMemberAsync(Org, _names[RoleName.Viewer], RoleName.Viewer, Cancellation));
        await _clients[RoleName.Admin].SetMemberAsync(Org, _names["kim"], RoleName.Admin, Cancellation);
        await kim.SetMemberAsync(Org, _names[RoleName.Viewer], RoleName.Member, Cancellation);
        await _clients[RoleName.Admin].RemoveMemberAsync(Org, _names["kim"], Cancellation);
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => kim.ListMembersAsync(Org, Cancellation));
        Assert.Equal(
            [
                "admin owner", $"{_names[RoleName.Admin]} admin", $"{_names[RoleName.Member]} member", $"{_names[RoleName.Owner]} owner",
                $"{_names[RoleName.Viewer]} member",
            ],
            await RolesAsync());
    }

    [Fact]
    public async Task TheListHoldsUsersByName_NoServiceAccounts()
    {
        await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation);
        var members = (await _clients[RoleName.Viewer].ListMembersAsync(Org, Cancellation)).Items;
        Assert.Equal(["admin", _names[RoleName.Admin], _names[RoleName.Member], _names[RoleName.Owner], _names[RoleName.Viewer]], members.Select(member => member.User));
        Assert.All(members, member => Assert.True(Guid.TryParse(member.UserId, out _)));
    }

    [Fact]
    public async Task OnlyAnOwnerAddsAndRemovesOwners_AndTheRefusalIsRecorded()
    {
        var admin = _clients[RoleName.Admin];
        var made = await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => admin.SetMemberAsync(Org, _names["kim"], RoleName.Owner, Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => admin.SetMemberAsync(Org, _names[RoleName.Admin], RoleName.Owner, Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => admin.SetMemberAsync(Org, _names[RoleName.Owner], RoleName.Viewer, Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => admin.SetMemberAsync(Org, _names[RoleName.Owner], RoleName.Owner, Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => admin.RemoveMemberAsync(Org, _names[RoleName.Owner], Cancellation));
        Assert.Contains("role owner", made.Hint, StringComparison.Ordinal);
        var denied = await Server.QueryAsync(context => context.AuditRecords.OrderBy(record => record.Sequence)
            .Where(record => record.OrganizationId == OrgId && record.Outcome == AuditOutcome.Denied).ToListAsync(Cancellation));
        Assert.Equal(5, denied.Count);
        Assert.Equal((AuditAction.SetMember, $"member/{_names["kim"]}", made.OperationId), (denied[0].Action, denied[0].Resource, denied[0].OperationId));
        await _clients[RoleName.Owner].SetMemberAsync(Org, _names["kim"], RoleName.Owner, Cancellation);
        await _clients["kim"].RemoveMemberAsync(Org, _names[RoleName.Owner], Cancellation);
    }

    [Fact]
    public async Task TheLastOwnerStays()
    {
        var lonely = _clients["kim"];
        var (org, _) = await NewOrganizationAsync("lonely");
        await Admin.SetMemberAsync(org, _names["kim"], RoleName.Owner, Cancellation);
        await lonely.RemoveMemberAsync(org, "admin", Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => lonely.RemoveMemberAsync(org, _names["kim"], Cancellation));
        Assert.Contains("last owner", problem.Detail, StringComparison.Ordinal);
        await Expect.ProblemAsync(ErrorCode.Conflict, () => lonely.SetMemberAsync(org, _names["kim"], RoleName.Admin, Cancellation));
        await lonely.SetMemberAsync(org, _names["kim"], RoleName.Owner, Cancellation);
        await lonely.SetMemberAsync(org, _names[RoleName.Owner], RoleName.Owner, Cancellation);
        await lonely.RemoveMemberAsync(org, _names["kim"], Cancellation);
        Assert.Equal(_names[RoleName.Owner], Assert.Single((await _clients[RoleName.Owner].ListMembersAsync(org, Cancellation)).Items).User);
    }

    [Fact]
    public async Task OfOwnersWhoRemoveEachOtherAtOnce_OneStays()
    {
        var (one, two) = (_clients["kim"], _clients[RoleName.Owner]);
        for (var round = 0; round < 10; round++)
        {
            var org = await Admin.CreateOrganizationAsync(UniqueName("race"), Cancellation);
            await Admin.SetMemberAsync(org.Name, _names["kim"], RoleName.Owner, Cancellation);
            await one.SetMemberAsync(org.Name, _names[RoleName.Owner], RoleName.Owner, Cancellation);
            await one.RemoveMemberAsync(org.Name, "admin", Cancellation);
            await two.GetCallerAsync(Cancellation);
            var calls = new[] { TryAsync(one.RemoveMemberAsync(org.Name, _names[RoleName.Owner], Cancellation)), TryAsync(two.SetMemberAsync(org.Name, _names["kim"], RoleName.Viewer, Cancellation)) };
            Assert.Single(await Task.WhenAll(calls), succeeded => succeeded);
            Assert.Equal(1, await Server.QueryAsync(context => context.Memberships.CountAsync(
                m => m.Role == RoleName.Owner && m.OrganizationId == org.Id, Cancellation)));
        }
    }

    [Fact]
    public async Task WhatIsNoRoleIsRefusedByField_AndAnUnknownUserWithoutNamingOthers()
    {
        foreach (var role in new[] { "root", "Owner", "", null })
        {
            var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => _clients[RoleName.Owner].SetMemberAsync(Org, _names["kim"], role!, Cancellation));
            Assert.True(problem.Errors!.ContainsKey("role"));
        }

        var unknown = await Expect.ProblemAsync(ErrorCode.NotFound, () => _clients[RoleName.Owner].SetMemberAsync(Org, _names["kim"] + "x", RoleName.Viewer, Cancellation));
        Assert.DoesNotContain(_names["kim"], (unknown.Detail + unknown.Hint).Replace(_names["kim"] + "x", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var near = await Expect.ProblemAsync(ErrorCode.NotFound, () => _clients[RoleName.Owner].RemoveMemberAsync(Org, _names[RoleName.Viewer].Replace("viewer", "viewr", StringComparison.Ordinal), Cancellation));
        Assert.Contains($"Did you mean {_names[RoleName.Viewer]}?", near.Hint, StringComparison.Ordinal);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => _clients[RoleName.Owner].RemoveMemberAsync(Org, _names["kim"], Cancellation));
    }

    private async Task<List<string>> RolesAsync() =>
        [.. (await _clients[RoleName.Viewer].ListMembersAsync(Org, Cancellation)).Items.Select(member => $"{member.User} {member.Role}")];

    private static async Task<bool> TryAsync(Task call)
    {
        try
        {
            await call;
            return true;
        }
        catch (ApiException)
        {
            return false;
        }
    }
}

public sealed class MemberTestsOnSqlite(OnSqlite shared) : MemberTests(shared), IClassFixture<OnSqlite>;

public sealed class MemberTestsOnPostgreSql(OnPostgreSql shared) : MemberTests(shared), IClassFixture<OnPostgreSql>;
