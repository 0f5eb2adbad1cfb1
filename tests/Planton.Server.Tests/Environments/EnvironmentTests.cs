using Planton.Api.Errors;
using Planton.Api.Secrets;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Environments;

public sealed class EnvironmentTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnEnvironmentIsMadeListedAndDeleted()
    {
        await using var server = await ServerFixture.StartAsync();
        var made = await server.Admin.CreateEnvironmentAsync("default", "staging", Cancellation);
        await server.Admin.CreateEnvironmentAsync("default", "prod", Cancellation);
        Assert.Equal(("staging", "default"), (made.Name, made.Organization));
        var list = await server.Admin.ListEnvironmentsAsync("default", Cancellation);
        Assert.Equal(["prod", "staging"], list.Items.Select(environment => environment.Name));
        Assert.Equal(made, list.Items[1]);
        await server.Admin.DeleteEnvironmentAsync("default", "staging", Cancellation);
        Assert.Equal("prod", Assert.Single((await server.Admin.ListEnvironmentsAsync("default", Cancellation)).Items).Name);
        var problem = await Expect.ProblemAsync(ErrorCode.NotFound, () => server.Admin.DeleteEnvironmentAsync("default", "prd", Cancellation));
        Assert.Contains("Did you mean prod?", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameIsTakenOnceInAnOrganization_AndIsASlug()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateOrganizationAsync("acme", Cancellation);
        await server.Admin.CreateEnvironmentAsync("acme", "staging", Cancellation);
        await server.Admin.CreateEnvironmentAsync("default", "staging", Cancellation);
        await Expect.ProblemAsync(ErrorCode.AlreadyExists, () => server.Admin.CreateEnvironmentAsync("acme", "staging", Cancellation));
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => server.Admin.CreateEnvironmentAsync("acme", "Not a slug", Cancellation));
        Assert.True(problem.Errors!.ContainsKey("name"));
    }

    [Fact]
    public async Task OneThatHoldsSomethingIsNotDeleted()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateEnvironmentAsync("default", "staging", Cancellation);
        await server.Admin.PutSecretAsync("default", "db", new PutSecretRequest { Value = "x" }, "staging", Cancellation);
        await server.Admin.PutVariableAsync("default", "region", "eu", "staging", Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => server.Admin.DeleteEnvironmentAsync("default", "staging", Cancellation));
        Assert.Contains("1 secret(s) and 1 variable(s)", problem.Detail, StringComparison.Ordinal);
        await server.Admin.DeleteSecretAsync("default", "db", "staging", Cancellation);
        await server.Admin.DeleteVariableAsync("default", "region", "staging", Cancellation);
        await server.Admin.DeleteEnvironmentAsync("default", "staging", Cancellation);
    }

    [Fact]
    public async Task AnEmptyOneGoesWithItsOrganization()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateOrganizationAsync("acme", Cancellation);
        await server.Admin.CreateEnvironmentAsync("acme", "staging", Cancellation);
        await server.Admin.DeleteOrganizationAsync("acme", Cancellation);
        await server.Admin.CreateOrganizationAsync("acme", Cancellation);
        Assert.Empty((await server.Admin.ListEnvironmentsAsync("acme", Cancellation)).Items);
    }
}
