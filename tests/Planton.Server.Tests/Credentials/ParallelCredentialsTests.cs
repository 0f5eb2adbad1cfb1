using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Credentials;

public abstract class ParallelCredentialsTests(SharedServer shared) : SharedServerTest(shared)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FiftyAtOnceForANewRunner_OneRegistersIt_AndAllAreGood(bool ofPlatform)
    {
        var name = UniqueName("prod");
        var organization = ofPlatform ? null : Org;

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Admin.GenerateCredentialsAsync(organization, name, Cancellation)));

        Assert.Single(answers, answer => answer.Registered);
        Assert.Single(answers.Select(answer => answer.Credentials.Metadata!.RunnerId).Distinct());
        Assert.Equal(50, answers.Select(answer => answer.Credentials.ApiKey).Distinct().Count());
        Assert.Equal(50, answers.Select(answer => answer.Credentials.Tunnel!.PrivateKey).Distinct().Count());
        Assert.Equal(50, answers.Select(answer => Serial(answer.Credentials)).Distinct().Count());
        Assert.All(
            await Task.WhenAll(answers.Select(answer => Server.Client(answer.Credentials.ApiKey!).GetCallerAsync(Cancellation))),
            caller => Assert.Equal(("runner-" + name, name), (caller.Name, caller.Runner!.Name)));
        await Server.QueryAsync(async context =>
        {
            var runner = await context.Runners.SingleAsync(stored => stored.Name == name, Cancellation);
            var account = await context.ServiceAccounts.SingleAsync(stored => stored.Name == "runner-" + name, Cancellation);
            Assert.Equal(ofPlatform ? 0 : 1, await context.Memberships.CountAsync(m => m.ServiceAccountId == account.Id, Cancellation));
            Assert.Equal(50, await context.RunnerCredentials.CountAsync(stored => stored.RunnerId == runner.Id, Cancellation));
            var records = context.AuditRecords.Where(r => r.Resource == (ofPlatform ? "platform/" : "") + "runner/" + name);
            Assert.Equal(1, await records.CountAsync(r => r.Action == AuditAction.RegisterRunner, Cancellation));
            Assert.Equal(50, await records.CountAsync(r => r.Action == AuditAction.GenerateCredentials, Cancellation));
            return 0;
        });
    }

    [Fact]
    public async Task FiftyRunnersAtOnce_EachGetsItsOwn()
    {

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Admin.GenerateCredentialsAsync(Org, $"r{number}", Cancellation)));

        Assert.All(answers, answer => Assert.True(answer.Registered));
        for (var number = 0; number < answers.Length; number++)
        {
            Assert.Equal($"r{number}", answers[number].Credentials.Metadata!.Runner);
            Assert.EndsWith("/runner/" + answers[number].Credentials.Metadata!.RunnerId, answers[number].Credentials.Certificate().SingleUri(), StringComparison.Ordinal);
        }

        Assert.Equal(50, (await Admin.ListRunnersAsync(Org, cancellationToken: Cancellation)).Items.Count);
    }

    [Fact]
    public async Task OneNameRegisteredByManyAtOnce_IsMadeOnce_AndTheRestAreToldSo()
    {

        var codes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CodeOfAsync(() => Admin.RegisterRunnerAsync(Org, "prod", Cancellation))));

        Assert.Single(codes, code => code is null);
        Assert.Equal(19, codes.Count(code => code == ErrorCode.AlreadyExists));
    }

    [Fact]
    public async Task OneConnectionAndOneOrganizationMadeByManyAtOnce_AreMadeOnce()
    {
        var acme = UniqueName("acme");
        var request = new Api.Connections.CreateConnectionRequest { Name = "eks", Kind = "kubernetes" };

        var connections = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CodeOfAsync(() => Admin.CreateConnectionAsync(Org, request, Cancellation))));
        var organizations = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CodeOfAsync(() => Admin.CreateOrganizationAsync(acme, Cancellation))));

        foreach (var codes in new[] { connections, organizations })
        {
            Assert.Single(codes, code => code is null);
            Assert.Equal(19, codes.Count(code => code == ErrorCode.AlreadyExists));
        }
    }

    [Fact]
    public async Task AnOrganizationThatIsDeletedWhileRunnersAreRegistered_IsDeletedEmptyOrNotAtAll()
    {
        for (var round = 0; round < 10; round++)
        {
            var (name, _) = await NewOrganizationAsync("emptied");

            var both = await Task.WhenAll(
                CodeOfAsync(() => Admin.GenerateCredentialsAsync(name, "prod", Cancellation)),
                CodeOfAsync(() => Admin.DeleteOrganizationAsync(name, Cancellation)));

            Assert.True(
                both is [null, ErrorCode.Conflict] or [ErrorCode.OrganizationNotFound, null],
                $"generating: {both[0] ?? "done"}, deleting: {both[1] ?? "done"}");
            var left = await Server.QueryAsync(context => context.Organizations.CountAsync(o => o.Name == name, Cancellation));
            var runners = await Server.QueryAsync(context => context.Runners.CountAsync(
                r => r.OrganizationId != null && !context.Organizations.Any(o => o.Id == r.OrganizationId), Cancellation));
            Assert.Equal((both[0] is null ? 1 : 0, 0), (left, runners));
        }
    }

    private static string Serial(Api.Runners.RunnerCredentials credentials)
    {
        using var certificate = credentials.Certificate();
        return certificate.SerialNumber;
    }

    private static async Task<string?> CodeOfAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (ApiException exception)
        {
            return exception.Problem.Code;
        }
    }
}

public sealed class ParallelCredentialsTestsOnSqlite(OnSqlite shared) : ParallelCredentialsTests(shared), IClassFixture<OnSqlite>;

public sealed class ParallelCredentialsTestsOnPostgreSql(OnPostgreSql shared) : ParallelCredentialsTests(shared), IClassFixture<OnPostgreSql>;
