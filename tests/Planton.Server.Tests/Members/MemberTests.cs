using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Members;

public sealed class MemberTests : IAsyncLifetime
{
    private readonly Dictionary<string, PlantonApiClient> _clients = [];
    private ServerFixture _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerFixture.StartAsync();
        var acme = await _server.Admin.CreateOrganizationAsync("acme", Cancellation);
        foreach (var role in new[] { RoleName.Viewer, RoleName.Member, RoleName.Admin, RoleName.Owner })
            _clients[role] = _server.Client(await _server.AddUserAsync($"the-{role}", acme.Id, role));
        _clients["kim"] = _server.Client(await _server.AddUserAsync("kim"));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task AUserIsAdded_ChangedAndRemoved_AndItBitesAtOnce()
    {
        var kim = _clients["kim"];
        Assert.Empty((await kim.GetCallerAsync(Cancellation)).Organizations);
        var added = await _clients[RoleName.Admin].SetMemberAsync("acme", "kim", RoleName.Viewer, Cancellation);
        Assert.Equal(("kim", RoleName.Viewer), (added.User, added.Role));
        Assert.Equal(added, (await kim.ListMembersAsync("acme", Cancellation)).Items.Single(member => member.User == "kim"));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.SetMemberAsync("acme", "the-viewer", RoleName.Viewer, Cancellation));
        await _clients[RoleName.Admin].SetMemberAsync("acme", "kim", RoleName.Admin, Cancellation);
        await kim.SetMemberAsync("acme", "the-viewer", RoleName.Member, Cancellation);
        await _clients[RoleName.Admin].RemoveMemberAsync("acme", "kim", Cancellation);
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => kim.ListMembersAsync("acme", Cancellation));
        Assert.Equal(["admin owner", "the-admin admin", "the-member member", "the-owner owner", "the-viewer member"], await RolesAsync());
    }

    [Fact]
    public async Task TheListHoldsUsersByName_NoServiceAccounts()
    {
        await _server.Admin.GenerateCredentialsAsync("acme", "prod", Cancellation);
        var members = (await _clients[RoleName.Viewer].ListMembersAsync("acme", Cancellation)).Items;
        Assert.Equal(["admin", "the-admin", "the-member", "the-owner", "the-viewer"], members.Select(member => member.User));
        Assert.All(members, member => Assert.True(Guid.TryParse(member.UserId, out _)));
    }

    [Fact]
    public async Task OnlyAnOwnerMakesAndUnmakesOwners_AndTheRefusalIsRecorded()
    {
        var admin = _clients[RoleName.Admin];
        var made = await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => admin.SetMemberAsync("acme", "kim", RoleName.Owner, Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => admin.SetMemberAsync("acme", "the-admin", RoleName.Owner, Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => admin.SetMemberAsync("acme", "the-owner", RoleName.Viewer, Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => admin.SetMemberAsync("acme", "the-owner", RoleName.Owner, Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => admin.RemoveMemberAsync("acme", "the-owner", Cancellation));
        Assert.Contains("role owner", made.Hint, StringComparison.Ordinal);
        var denied = await _server.QueryAsync(context => context.AuditRecords.OrderBy(record => record.Sequence)
            .Where(record => record.Outcome == AuditOutcome.Denied).ToListAsync(Cancellation));
        Assert.Equal(5, denied.Count);
        Assert.Equal((AuditAction.SetMember, "member/kim", made.OperationId), (denied[0].Action, denied[0].Resource, denied[0].OperationId));
        await _clients[RoleName.Owner].SetMemberAsync("acme", "kim", RoleName.Owner, Cancellation);
        await _clients["kim"].RemoveMemberAsync("acme", "the-owner", Cancellation);
    }

    [Fact]
    public async Task TheLastOwnerStaysIt()
    {
        var lonely = _clients["kim"];
        await lonely.CreateOrganizationAsync("lonely", Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => lonely.RemoveMemberAsync("lonely", "kim", Cancellation));
        Assert.Contains("last owner", problem.Detail, StringComparison.Ordinal);
        await Expect.ProblemAsync(ErrorCode.Conflict, () => lonely.SetMemberAsync("lonely", "kim", RoleName.Admin, Cancellation));
        await lonely.SetMemberAsync("lonely", "kim", RoleName.Owner, Cancellation);
        await lonely.SetMemberAsync("lonely", "the-owner", RoleName.Owner, Cancellation);
        await lonely.RemoveMemberAsync("lonely", "kim", Cancellation);
        Assert.Equal("the-owner", Assert.Single((await _clients[RoleName.Owner].ListMembersAsync("lonely", Cancellation)).Items).User);
    }

    [Fact]
    public async Task OfOwnersWhoUnmakeEachOtherAtOnce_OneStays()
    {
        var (one, two) = (_clients["kim"], _clients[RoleName.Owner]);
        for (var round = 0; round < 10; round++)
        {
            await one.CreateOrganizationAsync($"race{round}", Cancellation);
            await one.SetMemberAsync($"race{round}", "the-owner", RoleName.Owner, Cancellation);
            await two.GetCallerAsync(Cancellation);
            var calls = new[] { TryAsync(one.RemoveMemberAsync($"race{round}", "the-owner", Cancellation)), TryAsync(two.SetMemberAsync($"race{round}", "kim", RoleName.Viewer, Cancellation)) };
            Assert.Single(await Task.WhenAll(calls), succeeded => succeeded);
            Assert.Equal(1, await _server.QueryAsync(context => context.Memberships.CountAsync(
                m => m.Role == RoleName.Owner && context.Organizations.Any(o => o.Id == m.OrganizationId && o.Name == $"race{round}"), Cancellation)));
        }
    }

    [Fact]
    public async Task WhatIsNoRoleIsRefusedByField_AndAnUnknownUserWithoutNamingOthers()
    {
        foreach (var role in new[] { "root", "Owner", "", null })
        {
            var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => _clients[RoleName.Owner].SetMemberAsync("acme", "kim", role!, Cancellation));
            Assert.True(problem.Errors!.ContainsKey("role"));
        }

        var unknown = await Expect.ProblemAsync(ErrorCode.NotFound, () => _clients[RoleName.Owner].SetMemberAsync("acme", "kin", RoleName.Viewer, Cancellation));
        Assert.DoesNotContain("kim", unknown.Detail + unknown.Hint, StringComparison.Ordinal);
        var near = await Expect.ProblemAsync(ErrorCode.NotFound, () => _clients[RoleName.Owner].RemoveMemberAsync("acme", "the-viewr", Cancellation));
        Assert.Contains("Did you mean the-viewer?", near.Hint, StringComparison.Ordinal);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => _clients[RoleName.Owner].RemoveMemberAsync("acme", "kim", Cancellation));
    }

    private async Task<List<string>> RolesAsync() =>
        [.. (await _clients[RoleName.Viewer].ListMembersAsync("acme", Cancellation)).Items.Select(member => $"{member.User} {member.Role}")];

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
