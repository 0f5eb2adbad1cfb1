using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Members;

public abstract class LeaveTests(SharedServer shared) : SharedServerTest(shared)
{
    [Theory]
    [InlineData(RoleName.Viewer)]
    [InlineData(RoleName.Admin)]
    [InlineData(RoleName.Owner)]
    public async Task AMemberLeaves_WithEffectAtOnce_AndItIsRecorded(string role)
    {
        var name = UniqueName("kim");
        var kim = Server.Client(await Server.AddUserAsync(name, OrgId, role));
        await kim.ListMembersAsync(Org, Cancellation);

        await kim.LeaveOrganizationAsync(Org, Cancellation);

        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => kim.ListMembersAsync(Org, Cancellation));
        Assert.Empty((await kim.GetCallerAsync(Cancellation)).Organizations);
        Assert.DoesNotContain((await Admin.ListMembersAsync(Org, Cancellation)).Items, member => member.User == name);
        var record = (await Admin.ListAuditAsync(Org, cancellationToken: Cancellation)).Items.Single(item => item.Action == "member.leave");
        Assert.Equal((AuditOutcome.Allowed, $"member/{name}", $"was {role}"), (record.Outcome, record.Resource, record.Detail));
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => kim.LeaveOrganizationAsync(Org, Cancellation));
    }

    [Fact]
    public async Task TheOnlyOwnerStays_AndIsToldWhatToDo()
    {
        var problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => Admin.LeaveOrganizationAsync(Org, Cancellation));

        Assert.Contains("you are the last owner", problem.Detail, StringComparison.Ordinal);
        Assert.Contains($"planton member set NAME --role owner --org {Org}", problem.Hint, StringComparison.Ordinal);
        Assert.Contains($"planton org delete {Org}", problem.Hint, StringComparison.Ordinal);
        await Admin.ListMembersAsync(Org, Cancellation);
    }

    [Fact]
    public async Task OfOwnersWhoLeaveAtOnce_OneStays()
    {
        for (var round = 0; round < 8; round++)
        {
            var (org, id) = await NewOrganizationAsync("race");
            var other = Server.Client(await Server.AddUserAsync(UniqueName("kim"), id, RoleName.Owner));
            await other.GetCallerAsync(Cancellation);

            var codes = await Task.WhenAll(
                Users.Attempt.CodeOfAsync(() => Admin.LeaveOrganizationAsync(org, Cancellation)),
                Users.Attempt.CodeOfAsync(() => other.LeaveOrganizationAsync(org, Cancellation)));

            Assert.Equal([ErrorCode.Conflict], codes.OfType<string>());
            Assert.Equal(1, await Server.QueryAsync(context => context.Memberships.CountAsync(m => m.OrganizationId == id && m.Role == RoleName.Owner, Cancellation)));
        }
    }

    [Fact]
    public async Task InAFrozenOrganization_AMemberStillLeaves()
    {
        var name = UniqueName("owner");
        var owner = Server.Client((await Admin.CreateUserAsync(name, cancellationToken: Cancellation)).Key);
        var made = await owner.CreateOrganizationAsync(UniqueName("acme"), Cancellation);
        var kim = Server.Client(await Server.AddUserAsync(UniqueName("kim"), made.Id));
        await Admin.SuspendUserAsync(name, Cancellation);

        await kim.LeaveOrganizationAsync(made.Name, Cancellation);

        Assert.Empty((await kim.GetCallerAsync(Cancellation)).Organizations);
    }

    [Fact]
    public async Task AServiceAccountStays()
    {
        await Admin.CreateServiceAccountAsync(Org, "ci", RoleName.Owner, Cancellation);
        var ci = Server.Client((await Admin.CreateServiceAccountKeyAsync(Org, "ci", cancellationToken: Cancellation)).Key);

        var problem = await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => ci.LeaveOrganizationAsync(Org, Cancellation));

        Assert.Contains("is a service account", problem.Detail, StringComparison.Ordinal);
        await ci.ListMembersAsync(Org, Cancellation);
    }
}

public sealed class LeaveTestsOnSqlite(OnSqlite shared) : LeaveTests(shared), IClassFixture<OnSqlite>;

public sealed class LeaveTestsOnPostgreSql(OnPostgreSql shared) : LeaveTests(shared), IClassFixture<OnPostgreSql>;
