using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Members;
using Planton.Server.Organizations;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;
using Planton.Server.Users;

namespace Planton.Server.Tests.Members;

/// <summary>What owners learn of users by adding them, and what being added takes from a user.</summary>
public abstract class AddingTests(SharedServer shared) : SharedServerTest(shared)
{
    private PlantonApiClient _owner = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _owner = Server.Client(await AddUserAsync(RoleName.Owner));
    }

    [Fact]
    public async Task OneWhoIsUnknown_OneWhoIsSuspended_AndOneWhoIsInTooManyOrganizations_LookTheSame_AndAreRecorded()
    {
        var (suspended, busy) = (UniqueName("name"), UniqueName("name"));
        await Admin.CreateUserAsync(suspended, cancellationToken: Cancellation);
        await Admin.SuspendUserAsync(suspended, Cancellation);
        await Admin.CreateUserAsync(busy, cancellationToken: Cancellation);
        await AddToManyAsync(busy);
        var unknown = UniqueName("name");

        var answers = new List<Problem>();
        foreach (var name in new[] { unknown, suspended, busy })
        {
            var problem = await Expect.ProblemAsync(ErrorCode.NotFound, () => _owner.SetMemberAsync(Org, name, RoleName.Viewer, Cancellation));
            answers.Add(problem with { OperationId = null, Detail = problem.Detail.Replace(name, "NAME", StringComparison.Ordinal) });
        }

        Assert.Equal("\"NAME\" was not added: there is no such user, or they cannot be added", answers[0].Detail);
        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        var denied = (await Admin.ListAuditAsync(Org, cancellationToken: Cancellation)).Items.Where(record => record.Outcome == AuditOutcome.Denied);
        Assert.Equal([$"member/{busy}", $"member/{suspended}", $"member/{unknown}"], denied.Select(record => record.Resource));
    }

    [Fact]
    public async Task InAnOrganizationThatIsFull_TheAnswerIsTheSameForEveryName()
    {
        var known = UniqueName("known");
        await Server.AddUserAsync(known);
        await FillAsync();

        var codes = new[]
        {
            await Users.Attempt.CodeOfAsync(() => _owner.SetMemberAsync(Org, known, RoleName.Viewer, Cancellation)),
            await Users.Attempt.CodeOfAsync(() => _owner.SetMemberAsync(Org, UniqueName("unknown"), RoleName.Viewer, Cancellation)),
        };

        Assert.Equal([ErrorCode.Conflict, ErrorCode.Conflict], codes);
    }

    [Fact]
    public async Task WhoeverIsAddedToManyOrganizations_StillMakesTheirOwn_AndLeavesTheOthers()
    {
        var name = UniqueName("kim");
        var kim = Server.Client((await Admin.CreateUserAsync(name, cancellationToken: Cancellation)).Key);
        var first = await AddToManyAsync(name);

        await kim.CreateOrganizationAsync(UniqueName("own"), Cancellation);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => _owner.SetMemberAsync(Org, name, RoleName.Viewer, Cancellation));
        await kim.LeaveOrganizationAsync(first, Cancellation);
        await _owner.SetMemberAsync(Org, name, RoleName.Viewer, Cancellation);
    }

    // Behind the server's back: it takes one statement instead of 500 requests.
    private async Task<string> AddToManyAsync(string name)
    {
        var prefix = UniqueName("many");
        await Server.QueryAsync(async context =>
        {
            var user = await context.Users.SingleAsync(user => user.Name == name, Cancellation);
            foreach (var number in Enumerable.Range(0, 500))
            {
                var organization = new OrganizationEntity
                {
                    Id = ControlPlaneContext.NewId(), Name = $"{prefix}-{number}", CreatedAt = TimeProvider.System.GetStorableNow(),
                };
                context.Organizations.Add(organization);
                context.Memberships.Add(new MembershipEntity
                {
                    Id = ControlPlaneContext.NewId(), OrganizationId = organization.Id, UserId = user.Id, Role = RoleName.Viewer,
                });
            }

            return await context.SaveChangesAsync(Cancellation);
        });
        return $"{prefix}-0";
    }

    private Task<int> FillAsync()
    {
        var prefix = UniqueName("crowd");
        return Server.QueryAsync(async context =>
        {
            var there = await context.Memberships.CountAsync(membership => membership.OrganizationId == OrgId && membership.UserId != null, Cancellation);
            foreach (var number in Enumerable.Range(0, MemberService.MaxMembers - there))
            {
                var user = new UserEntity { Id = ControlPlaneContext.NewId(), Name = $"{prefix}-{number}", CreatedAt = TimeProvider.System.GetStorableNow() };
                context.Users.Add(user);
                context.Memberships.Add(new MembershipEntity
                {
                    Id = ControlPlaneContext.NewId(), OrganizationId = OrgId, UserId = user.Id, Role = RoleName.Viewer,
                });
            }

            return await context.SaveChangesAsync(Cancellation);
        });
    }
}

public sealed class AddingTestsOnSqlite(OnSqlite shared) : AddingTests(shared), IClassFixture<OnSqlite>;

public sealed class AddingTestsOnPostgreSql(OnPostgreSql shared) : AddingTests(shared), IClassFixture<OnPostgreSql>;
