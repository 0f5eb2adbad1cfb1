using Microsoft.EntityFrameworkCore;
using Planton.Api.Credentials;
using Planton.Api.Errors;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Credentials;

public abstract class ValidForTests(SharedServer shared) : RenewalTest(shared)
{
    [Fact]
    public async Task ALifetimeThatIsAskedForIsGiven_ToRenewedCertificatesAsWell()
    {
        var made = (await Admin.GenerateCredentialsAsync(Org, "prod", new GenerateCredentialsRequest(3600), Cancellation)).Credentials;
        Assert.InRange(made.Metadata!.ExpiresAt - made.Metadata.IssuedAt, TimeSpan.FromHours(1) - TimeSpan.FromSeconds(2), TimeSpan.FromHours(1));
        var tunnel = await TunnelOfAsync(await ConnectAsync(credentials: made));
        var renewed = (await AskAsync(tunnel, SigningRequest())).Certificate!;
        Assert.InRange(renewed.NotAfter.ToUniversalTime() - TimeProvider.System.GetUtcNow().UtcDateTime, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(60.1));
        var again = (await Admin.RegenerateCredentialsAsync(Org, "prod", new GenerateCredentialsRequest(7200), Cancellation)).Credentials;
        Assert.InRange(again.Metadata!.ExpiresAt - again.Metadata.IssuedAt, TimeSpan.FromHours(2) - TimeSpan.FromSeconds(2), TimeSpan.FromHours(2));
    }

    [Theory]
    [InlineData(599, "--valid-for 10m")]
    [InlineData(34_300_801, "--valid-for 397d")]
    [InlineData(long.MaxValue, "--valid-for 397d")]
    public async Task OneThatIsTooShortOrTooLong_IsRefused_AndNothingIsMade(long seconds, string hint)
    {
        var request = new GenerateCredentialsRequest(seconds);
        var problem = await Expect.ProblemAsync(
            ErrorCode.InvalidArgument, () => Admin.GenerateCredentialsAsync(Org, "prod", request, Cancellation));
        Assert.Contains(hint, problem.Hint, StringComparison.Ordinal);
        await Expect.ProblemAsync(
            ErrorCode.InvalidArgument, () => Admin.RegenerateCredentialsAsync(Org, "prod", request, Cancellation));
        Assert.Equal(0, await Server.QueryAsync(context => context.Runners.CountAsync(runner => runner.OrganizationId == OrgId, Cancellation)));
    }
}

public sealed class ValidForTestsOnSqlite(OnSqlite shared) : ValidForTests(shared), IClassFixture<OnSqlite>;

public sealed class ValidForTestsOnPostgreSql(OnPostgreSql shared) : ValidForTests(shared), IClassFixture<OnPostgreSql>;
