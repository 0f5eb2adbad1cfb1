using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Organizations;

public abstract class OrganizationTests(SharedServer shared) : SharedServerTest(shared)
{
    [Fact]
    public async Task WhoMakesAnOrganizationOwnsItAtOnce()
    {
        var kim = await AddOperatorAsync();
        Assert.Empty((await kim.ListOrganizationsAsync(Cancellation)).Items);
        var made = await kim.CreateOrganizationAsync(UniqueName("acme"), Cancellation);
        var caller = await kim.GetCallerAsync(Cancellation);
        Assert.Equal((made.Id, made.Name, RoleName.Owner), (caller.Organizations[0].Id, caller.Organizations[0].Name, caller.Organizations[0].Role));
        Assert.Equal(made, await kim.GetOrganizationAsync(made.Name, Cancellation));
        Assert.Equal(made, Assert.Single((await kim.ListOrganizationsAsync(Cancellation)).Items));
        Assert.Equal(7, Guid.Parse(made.Id).Version);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(RoleName.Owner)]
    public async Task WhoIsNoPlatformOperator_MakesNone_AndTheRefusalIsRecorded(string? role)
    {
        var kim = Server.Client(role is null ? await Server.AddUserAsync(UniqueName("kim")) : await AddUserAsync(role));
        var name = UniqueName("mine");

        var problem = await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.CreateOrganizationAsync(name, Cancellation));

        Assert.Contains("may not create organizations", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("platform operator", problem.Hint, StringComparison.Ordinal);
        Assert.Equal(0, await Server.QueryAsync(context => context.Organizations.CountAsync(organization => organization.Name == name, Cancellation)));
        var record = await Server.QueryAsync(context => context.AuditRecords.SingleAsync(record => record.OperationId == problem.OperationId, Cancellation));
        Assert.Equal((AuditAction.CreateOrganization, AuditOutcome.Denied, $"organization/{name}"), (record.Action, record.Outcome, record.Resource));
    }

    [Fact]
    public async Task AForeignOrganizationIsAnsweredAsOneThatDoesNotExist()
    {
        var (secret, _) = await NewOrganizationAsync("secret");
        var kim = Server.Client(await Server.AddUserAsync(UniqueName("kim"), OrgId));
        Func<string, Task>[] calls =
        [
            org => kim.GetOrganizationAsync(org, Cancellation),
            org => kim.DeleteOrganizationAsync(org, Cancellation),
            org => kim.ListRunnersAsync(org, cancellationToken: Cancellation),
            org => kim.RegisterRunnerAsync(org, "runner", Cancellation),
            org => kim.GetRunnerAsync(org, "runner", Cancellation),
            org => kim.GenerateCredentialsAsync(org, "runner", Cancellation),
            org => kim.ListConnectionsAsync(org, Cancellation),
            org => kim.CreateConnectionAsync(org, new CreateConnectionRequest { Name = "c", Kind = "kubernetes" }, Cancellation),
            org => kim.GetConnectionAsync(org, "c", Cancellation),
            org => kim.DeleteConnectionAsync(org, "c", Cancellation),
            org => kim.TestConnectionAsync(org, "c", Cancellation),
        ];
        foreach (var call in calls)
        {
            var foreign = await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => call(secret));
            var absent = await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => call("absent"));
            Assert.Equal(
                foreign with { OperationId = null, Detail = foreign.Detail.Replace(secret, "absent", StringComparison.Ordinal) },
                absent with { OperationId = null });
        }
    }

    [Fact]
    public async Task NearMissesComeFromWhatTheCallerMaySee()
    {
        var acme = UniqueName("acme");
        await Admin.CreateOrganizationAsync($"{acme}-secret", Cancellation);
        var kim = await AddOperatorAsync();
        await kim.CreateOrganizationAsync(acme, Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => kim.GetOrganizationAsync(acme.Replace("acme", "acne", StringComparison.Ordinal), Cancellation));
        Assert.Contains("acne", problem.Detail, StringComparison.Ordinal);
        Assert.Contains($"Did you mean {acme}?", problem.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameIsTakenOnce_AlsoByAnOrganizationTheCallerMayNotSee()
    {
        var kim = await AddOperatorAsync();
        var problem = await Expect.ProblemAsync(ErrorCode.AlreadyExists, () => kim.CreateOrganizationAsync(Org, Cancellation));
        Assert.Contains(Org, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmptyOrganizationIsDeleted_AndIsGoneAtOnce()
    {
        var (acme, _) = await NewOrganizationAsync("acme");
        await Admin.DeleteOrganizationAsync(acme, Cancellation);
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => Admin.GetOrganizationAsync(acme, Cancellation));
        Assert.DoesNotContain((await Admin.GetCallerAsync(Cancellation)).Organizations, membership => membership.Name == acme);
        await Admin.CreateOrganizationAsync(acme, Cancellation);
    }

    [Fact]
    public async Task WithRunnersOrConnectionsItIsNotDeleted_AndTheErrorCountsThem()
    {
        await Admin.CreateConnectionAsync(Org, new CreateConnectionRequest { Name = "eks", Kind = "kubernetes" }, Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => Admin.DeleteOrganizationAsync(Org, Cancellation));
        Assert.Contains("it has 0 runner(s), 1 connection(s), 0 secret(s) and 0 variable(s)", problem.Detail, StringComparison.Ordinal);
        await Admin.DeleteConnectionAsync(Org, "eks", Cancellation);
        await Admin.RegisterRunnerAsync(Org, "prod", Cancellation);
        problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => Admin.DeleteOrganizationAsync(Org, Cancellation));
        Assert.Contains("it has 1 runner(s), 0 connection(s), 0 secret(s) and 0 variable(s)", problem.Detail, StringComparison.Ordinal);
        Assert.NotNull(await Admin.GetOrganizationAsync(Org, Cancellation));
    }

    [Theory]
    [InlineData(RoleName.Viewer)]
    [InlineData(RoleName.Member)]
    [InlineData(RoleName.Admin)]
    public async Task OnlyAnOwnerDeletesIt_AndTheRefusalIsRecorded(string role)
    {
        var name = UniqueName("kim");
        var kim = Server.Client(await Server.AddUserAsync(name, OrgId, role));
        var problem = await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.DeleteOrganizationAsync(Org, Cancellation));
        Assert.Contains($"{name} is {role} of organization {Org}", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("owner", problem.Hint, StringComparison.Ordinal);
        var record = await Server.QueryAsync(context => context.AuditRecords.SingleAsync(
            record => record.OrganizationId == OrgId && record.Outcome == AuditOutcome.Denied, Cancellation));
        Assert.Equal((AuditAction.DeleteOrganization, name, OrgId, problem.OperationId, ErrorCode.PermissionDenied),
            (record.Action, record.ActorName, record.OrganizationId, record.OperationId, record.Code));
    }

    private async Task<PlantonApiClient> AddOperatorAsync() =>
        Server.Client((await Admin.CreateUserAsync(UniqueName("kim"), platformOperator: true, Cancellation)).Key);
}

public sealed class OrganizationTestsOnSqlite(OnSqlite shared) : OrganizationTests(shared), IClassFixture<OnSqlite>;

public sealed class OrganizationTestsOnPostgreSql(OnPostgreSql shared) : OrganizationTests(shared), IClassFixture<OnPostgreSql>;
