using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Credentials;
using Planton.Api.Errors;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Credentials;

public sealed class ValidForTests : RenewalTest
{
    [Fact]
    public async Task ALifetimeThatIsAskedForIsGiven_ToRenewedCertificatesAsWell()
    {
        var made = (await Server.Admin.GenerateCredentialsAsync("default", "prod", new GenerateCredentialsRequest(3600), Cancelled)).Credentials;
        Assert.InRange(made.Metadata!.ExpiresAt - made.Metadata.IssuedAt, TimeSpan.FromHours(1) - TimeSpan.FromSeconds(2), TimeSpan.FromHours(1));
        var tunnel = await TunnelOfAsync(await ConnectAsync(credentials: made));
        var renewed = (await AskAsync(tunnel, SigningRequest())).Certificate!;
        Assert.InRange(renewed.NotAfter.ToUniversalTime() - TimeProvider.System.GetUtcNow().UtcDateTime, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(60.1));
        var again = (await Server.Admin.RegenerateCredentialsAsync("default", "prod", new GenerateCredentialsRequest(7200), Cancelled)).Credentials;
        Assert.InRange(again.Metadata!.ExpiresAt - again.Metadata.IssuedAt, TimeSpan.FromHours(2) - TimeSpan.FromSeconds(2), TimeSpan.FromHours(2));
    }

    [Theory]
    [InlineData(-1, "--valid-for 10m")]
    [InlineData(0, "--valid-for 10m")]
    [InlineData(300, "--valid-for 10m")]
    [InlineData(599, "--valid-for 10m")]
    [InlineData(34_300_801, "--valid-for 397d")]
    [InlineData(long.MaxValue, "--valid-for 397d")]
    public async Task OneThatClocksCouldSwallow_OrThatIsTooLong_IsRefused_AndNothingIsMade(long seconds, string hint)
    {
        var request = new GenerateCredentialsRequest(seconds);
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => Server.Admin.GenerateCredentialsAsync("default", "prod", request, Cancelled));
        Assert.Contains(hint, problem.Hint, StringComparison.Ordinal);
        await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => Server.Admin.RegenerateCredentialsAsync("default", "prod", request, Cancelled));
        Assert.Equal(0, await Server.QueryAsync(context => context.Runners.CountAsync(Cancelled)));
    }

    [Theory]
    [InlineData("", HttpStatusCode.Created)]
    [InlineData("{}", HttpStatusCode.Created)]
    [InlineData("{\"validForSeconds\":600}", HttpStatusCode.Created)]
    [InlineData("{\"validForSeconds\":\"1h\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"validForSeconds\":0.5}", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    public async Task TheBodyMayBeLeftOut_AndMustBeRightWhereItIsNot(string body, HttpStatusCode status)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Server.HttpClient(Server.AdminKey)
            .PostAsync(new Uri($"{Server.Url}api/v1/organizations/default/runners/prod/credentials"), content, Cancelled);
        Assert.Equal(status, response.StatusCode);
    }
}
