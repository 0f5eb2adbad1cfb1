using Planton.Api.Errors;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Organizations;

/// <summary>A server that is set to <c>--organizations open</c>. The database plays no part in it.</summary>
public sealed class OpenOrganizationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryUserMakesOrganizations_AndNoServiceAccountDoes()
    {
        await using var server = await ServerFixture.StartAsync(options => options with { OpenOrganizations = true });
        var kim = server.Client(await server.AddUserAsync("kim"));

        await kim.CreateOrganizationAsync("acme", Cancellation);

        Assert.Equal(RoleName.Owner, Assert.Single((await kim.GetCallerAsync(Cancellation)).Organizations).Role);
        await kim.CreateServiceAccountAsync("acme", "ci", RoleName.Owner, Cancellation);
        var ci = server.Client((await kim.CreateServiceAccountKeyAsync("acme", "ci", cancellationToken: Cancellation)).Key);
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => ci.CreateOrganizationAsync("another", Cancellation));
    }
}
