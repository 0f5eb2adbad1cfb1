using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Credentials;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Routing;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Credentials;

public abstract class RegenerateCredentialsTests(SharedServer shared) : RoutedTest(shared)
{
    [Fact]
    public async Task EveryEarlierCredentialIsDead_AndTheNewOneWorks()
    {
        await using var first = await ConnectAsync(context => context.Response.WriteAsync("old"));
        var second = (await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials;

        var answer = await Admin.RegenerateCredentialsAsync(Org, "prod", Cancellation);

        Assert.Equal(new RevocationSummary(2, 2, 1, 0), answer.Revoked);
        Assert.Empty(answer.Credentials.Validate());
        Assert.Equal(RefusalCode.Revoked, (await first.Link.Refused.WaitAsync(TimeSpan.FromSeconds(10), Cancellation)).Code);
        foreach (var old in new[] { first.Credentials, second })
            await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => Server.Client(old.ApiKey!).GetCallerAsync(Cancellation));
        Assert.Equal(first.Credentials.Metadata!.RunnerId, answer.Credentials.Metadata!.RunnerId);

        await using var renewed = await ConnectedRunner.StartAsync(answer.Credentials, context => context.Response.WriteAsync("new"));
        Assert.Null((await renewed.Link.WaitForStartAsync(Cancellation)).Refusal);
        Assert.NotNull((await Server.Client(answer.Credentials.ApiKey!).GetCallerAsync(Cancellation)).Runner);
        using var response = await GetAsync("/x");
        Assert.Equal("new", await response.Content.ReadAsStringAsync(Cancellation));
        var record = await Server.QueryAsync(context => context.AuditRecords.SingleAsync(
            r => r.Action == AuditAction.RegenerateCredentials && r.OrganizationId == OrgId, Cancellation));
        Assert.Contains("2 earlier credential(s) revoked", record.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(answer.Credentials.ApiKey![16..], record.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ARunnerThatIsNotRegistered_IsNotMadeByIt(bool ofPlatform)
    {
        var name = UniqueName("prod");
        var organization = ofPlatform ? null : Org;
        await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Admin.RegenerateCredentialsAsync(organization, name, Cancellation));
        Assert.DoesNotContain((await Admin.ListRunnersAsync(organization, true, Cancellation)).Items, runner => runner.Name == name);
    }

    [Fact]
    public async Task ARunnerWithoutCredentials_GetsItsFirst()
    {
        var name = UniqueName("shared");
        await Admin.RegisterRunnerAsync(null, name, Cancellation);
        var answer = await Admin.RegenerateCredentialsAsync(null, name, Cancellation);
        Assert.Equal(new RevocationSummary(0, 0, 0, 0), answer.Revoked);
        Assert.Null(answer.Credentials.Metadata!.Organization);
        Assert.Equal(name, (await Server.Client(answer.Credentials.ApiKey!).GetCallerAsync(Cancellation)).Runner!.Name);
    }
}

public sealed class RegenerateCredentialsTestsOnSqlite(RoutingOnSqlite shared) : RegenerateCredentialsTests(shared), IClassFixture<RoutingOnSqlite>;

public sealed class RegenerateCredentialsTestsOnPostgreSql(RoutingOnPostgreSql shared) : RegenerateCredentialsTests(shared), IClassFixture<RoutingOnPostgreSql>;
