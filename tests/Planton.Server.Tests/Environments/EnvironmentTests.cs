using Planton.Api.Errors;
using Planton.Api.Secrets;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Environments;

public abstract class EnvironmentTests(SharedServer shared) : SharedServerTest(shared)
{
    [Fact]
    public async Task AnEnvironmentIsMadeListedAndDeleted()
    {
        var made = await Admin.CreateEnvironmentAsync(Org, "staging", Cancellation);
        await Admin.CreateEnvironmentAsync(Org, "prod", Cancellation);
        Assert.Equal(("staging", Org), (made.Name, made.Organization));
        var list = await Admin.ListEnvironmentsAsync(Org, Cancellation);
        Assert.Equal(["prod", "staging"], list.Items.Select(environment => environment.Name));
        Assert.Equal(made, list.Items[1]);
        await Admin.DeleteEnvironmentAsync(Org, "staging", Cancellation);
        Assert.Equal("prod", Assert.Single((await Admin.ListEnvironmentsAsync(Org, Cancellation)).Items).Name);
        var problem = await Expect.ProblemAsync(ErrorCode.NotFound, () => Admin.DeleteEnvironmentAsync(Org, "prd", Cancellation));
        Assert.Contains("Did you mean prod?", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameIsTakenOnceInAnOrganization_AndIsASlug()
    {
        var (acme, _) = await NewOrganizationAsync("acme");
        await Admin.CreateEnvironmentAsync(acme, "staging", Cancellation);
        await Admin.CreateEnvironmentAsync(Org, "staging", Cancellation);
        await Expect.ProblemAsync(ErrorCode.AlreadyExists, () => Admin.CreateEnvironmentAsync(acme, "staging", Cancellation));
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => Admin.CreateEnvironmentAsync(acme, "Not a slug", Cancellation));
        Assert.True(problem.Errors!.ContainsKey("name"));
    }

    [Fact]
    public async Task OneThatHoldsSomethingIsNotDeleted()
    {
        await Admin.CreateEnvironmentAsync(Org, "staging", Cancellation);
        await Admin.PutSecretAsync(Org, "db", new PutSecretRequest { Value = "x" }, "staging", Cancellation);
        await Admin.PutVariableAsync(Org, "region", "eu", "staging", Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => Admin.DeleteEnvironmentAsync(Org, "staging", Cancellation));
        Assert.Contains("1 secret(s) and 1 variable(s)", problem.Detail, StringComparison.Ordinal);
        await Admin.DeleteSecretAsync(Org, "db", "staging", Cancellation);
        await Admin.DeleteVariableAsync(Org, "region", "staging", Cancellation);
        await Admin.DeleteEnvironmentAsync(Org, "staging", Cancellation);
    }

    [Fact]
    public async Task AnEmptyOneGoesWithItsOrganization()
    {
        var (acme, _) = await NewOrganizationAsync("acme");
        await Admin.CreateEnvironmentAsync(acme, "staging", Cancellation);
        await Admin.DeleteOrganizationAsync(acme, Cancellation);
        await Admin.CreateOrganizationAsync(acme, Cancellation);
        Assert.Empty((await Admin.ListEnvironmentsAsync(acme, Cancellation)).Items);
    }
}

public sealed class EnvironmentTestsOnSqlite(OnSqlite shared) : EnvironmentTests(shared), IClassFixture<OnSqlite>;

public sealed class EnvironmentTestsOnPostgreSql(OnPostgreSql shared) : EnvironmentTests(shared), IClassFixture<OnPostgreSql>;
