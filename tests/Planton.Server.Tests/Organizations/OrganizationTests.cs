using Microsoft.EntityFrameworkCore;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Organizations;

public sealed class OrganizationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhoMakesAnOrganizationOwnsItAtOnce()
    {
        await using var server = await ServerFixture.StartAsync();
        var kim = server.Client(await server.AddUserAsync("kim"));
        Assert.Empty((await kim.ListOrganizationsAsync(Cancellation)).Items);
        var made = await kim.CreateOrganizationAsync("acme", Cancellation);
        var caller = await kim.GetCallerAsync(Cancellation);
        Assert.Equal((made.Id, "acme", RoleName.Owner), (caller.Organizations[0].Id, caller.Organizations[0].Name, caller.Organizations[0].Role));
        Assert.Equal(made, await kim.GetOrganizationAsync("acme", Cancellation));
        Assert.Equal(made, Assert.Single((await kim.ListOrganizationsAsync(Cancellation)).Items));
        Assert.Equal(7, Guid.Parse(made.Id).Version);
    }

    [Fact]
    public async Task AForeignOrganizationIsAnsweredAsOneThatDoesNotExist()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateOrganizationAsync("secret", Cancellation);
        var kim = server.Client(await server.AddUserAsync("kim", await server.DefaultOrganizationIdAsync()));
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
            var foreign = await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => call("secret"));
            var absent = await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => call("absent"));
            Assert.Equal(
                foreign with { OperationId = null, Detail = foreign.Detail.Replace("secret", "absent", StringComparison.Ordinal) },
                absent with { OperationId = null });
        }
    }

    [Fact]
    public async Task NearMissesComeFromWhatTheCallerMaySee()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateOrganizationAsync("acme-secret", Cancellation);
        var kim = server.Client(await server.AddUserAsync("kim"));
        await kim.CreateOrganizationAsync("acme", Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => kim.GetOrganizationAsync("acne", Cancellation));
        Assert.Contains("acne", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("Did you mean acme?", problem.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameIsTakenOnce_AlsoByAnOrganizationTheCallerMayNotSee()
    {
        await using var server = await ServerFixture.StartAsync();
        var kim = server.Client(await server.AddUserAsync("kim"));
        var problem = await Expect.ProblemAsync(ErrorCode.AlreadyExists, () => kim.CreateOrganizationAsync("default", Cancellation));
        Assert.Contains("default", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Acme")]
    [InlineData("-acme")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task ANameThatIsNoSlugIsRefusedByField(string name)
    {
        await using var server = await ServerFixture.StartAsync();
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => server.Admin.CreateOrganizationAsync(name, Cancellation));
        Assert.Equal("name", Assert.Single(problem.Errors!).Key);
    }

    [Fact]
    public async Task AnEmptyOrganizationIsDeleted_AndIsGoneAtOnce()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateOrganizationAsync("acme", Cancellation);
        await server.Admin.DeleteOrganizationAsync("acme", Cancellation);
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => server.Admin.GetOrganizationAsync("acme", Cancellation));
        Assert.Single((await server.Admin.GetCallerAsync(Cancellation)).Organizations);
        await server.Admin.CreateOrganizationAsync("acme", Cancellation);
    }

    [Fact]
    public async Task WithRunnersOrConnectionsItIsNotDeleted_AndTheErrorCountsThem()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateOrganizationAsync("acme", Cancellation);
        await server.Admin.CreateConnectionAsync("acme", new CreateConnectionRequest { Name = "eks", Kind = "kubernetes" }, Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => server.Admin.DeleteOrganizationAsync("acme", Cancellation));
        Assert.Contains("it has 0 runner(s), 1 connection(s), 0 secret(s) and 0 variable(s)", problem.Detail, StringComparison.Ordinal);
        await server.Admin.DeleteConnectionAsync("acme", "eks", Cancellation);
        await server.Admin.RegisterRunnerAsync("acme", "prod", Cancellation);
        problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => server.Admin.DeleteOrganizationAsync("acme", Cancellation));
        Assert.Contains("it has 1 runner(s), 0 connection(s), 0 secret(s) and 0 variable(s)", problem.Detail, StringComparison.Ordinal);
        Assert.NotNull(await server.Admin.GetOrganizationAsync("acme", Cancellation));
    }

    [Theory]
    [InlineData(RoleName.Viewer)]
    [InlineData(RoleName.Member)]
    [InlineData(RoleName.Admin)]
    public async Task OnlyAnOwnerDeletesIt_AndTheRefusalIsRecorded(string role)
    {
        await using var server = await ServerFixture.StartAsync();
        var id = await server.DefaultOrganizationIdAsync();
        var kim = server.Client(await server.AddUserAsync("kim", id, role));
        var problem = await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.DeleteOrganizationAsync("default", Cancellation));
        Assert.Contains($"kim is {role} of organization default", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("owner", problem.Hint, StringComparison.Ordinal);
        var record = await server.QueryAsync(context => context.AuditRecords.SingleAsync(record => record.Outcome == AuditOutcome.Denied, Cancellation));
        Assert.Equal((AuditAction.DeleteOrganization, "kim", id, problem.OperationId, ErrorCode.PermissionDenied),
            (record.Action, record.ActorName, record.OrganizationId, record.OperationId, record.Code));
    }
}
