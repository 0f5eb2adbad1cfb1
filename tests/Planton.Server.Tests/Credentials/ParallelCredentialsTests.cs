using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Credentials;

public sealed class ParallelCredentialsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("default")]
    [InlineData(null)]
    public async Task FiftyAtOnceForANewRunner_OneRegistersIt_AndAllAreGood(string? organization)
    {
        await using var server = await ServerFixture.StartAsync();
        var admin = server.Admin;

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => admin.GenerateCredentialsAsync(organization, "prod", Cancellation)));

        Assert.Single(answers, answer => answer.Registered);
        Assert.Single(answers.Select(answer => answer.Credentials.Metadata!.RunnerId).Distinct());
        Assert.Equal(50, answers.Select(answer => answer.Credentials.ApiKey).Distinct().Count());
        Assert.Equal(50, answers.Select(answer => answer.Credentials.Tunnel!.PrivateKey).Distinct().Count());
        Assert.Equal(50, answers.Select(answer => Serial(answer.Credentials)).Distinct().Count());
        Assert.All(
            await Task.WhenAll(answers.Select(answer => server.Client(answer.Credentials.ApiKey!).GetCallerAsync(Cancellation))),
            caller => Assert.Equal(("runner-prod", "prod"), (caller.Name, caller.Runner!.Name)));
        await server.QueryAsync(async context =>
        {
            Assert.Equal(1, await context.Runners.CountAsync(Cancellation));
            Assert.Equal(1, await context.ServiceAccounts.CountAsync(Cancellation));
            Assert.Equal(organization is null ? 0 : 1, await context.Memberships.CountAsync(m => m.ServiceAccountId != null, Cancellation));
            Assert.Equal(50, await context.RunnerCredentials.CountAsync(Cancellation));
            Assert.Equal(1, await context.AuditRecords.CountAsync(r => r.Action == AuditAction.RegisterRunner, Cancellation));
            Assert.Equal(50, await context.AuditRecords.CountAsync(r => r.Action == AuditAction.GenerateCredentials, Cancellation));
            return 0;
        });
    }

    [Fact]
    public async Task FiftyRunnersAtOnce_EachGetsItsOwn()
    {
        await using var server = await ServerFixture.StartAsync();
        var admin = server.Admin;

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => admin.GenerateCredentialsAsync("default", $"r{number}", Cancellation)));

        Assert.All(answers, answer => Assert.True(answer.Registered));
        for (var number = 0; number < answers.Length; number++)
        {
            Assert.Equal($"r{number}", answers[number].Credentials.Metadata!.Runner);
            Assert.EndsWith("/runner/" + answers[number].Credentials.Metadata!.RunnerId, answers[number].Credentials.Certificate().SingleUri(), StringComparison.Ordinal);
        }

        Assert.Equal(50, (await admin.ListRunnersAsync("default", cancellationToken: Cancellation)).Items.Count);
    }

    [Fact]
    public async Task OneNameRegisteredByManyAtOnce_IsMadeOnce_AndTheRestAreToldSo()
    {
        await using var server = await ServerFixture.StartAsync();
        var admin = server.Admin;

        var codes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CodeOfAsync(() => admin.RegisterRunnerAsync("default", "prod", Cancellation))));

        Assert.Single(codes, code => code is null);
        Assert.Equal(19, codes.Count(code => code == ErrorCode.AlreadyExists));
    }

    [Fact]
    public async Task OneConnectionAndOneOrganizationMadeByManyAtOnce_AreMadeOnce()
    {
        await using var server = await ServerFixture.StartAsync();
        var admin = server.Admin;
        var request = new Api.Connections.CreateConnectionRequest { Name = "eks", Kind = "kubernetes" };

        var connections = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CodeOfAsync(() => admin.CreateConnectionAsync("default", request, Cancellation))));
        var organizations = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CodeOfAsync(() => admin.CreateOrganizationAsync("acme", Cancellation))));

        foreach (var codes in new[] { connections, organizations })
        {
            Assert.Single(codes, code => code is null);
            Assert.Equal(19, codes.Count(code => code == ErrorCode.AlreadyExists));
        }
    }

    [Fact]
    public async Task AnOrganizationThatIsDeletedWhileRunnersAreRegistered_IsDeletedEmptyOrNotAtAll()
    {
        await using var server = await ServerFixture.StartAsync();
        var admin = server.Admin;
        for (var round = 0; round < 10; round++)
        {
            var name = $"org{round}";
            await admin.CreateOrganizationAsync(name, Cancellation);

            var both = await Task.WhenAll(
                CodeOfAsync(() => admin.GenerateCredentialsAsync(name, "prod", Cancellation)),
                CodeOfAsync(() => admin.DeleteOrganizationAsync(name, Cancellation)));

            Assert.True(
                both is [null, ErrorCode.Conflict] or [ErrorCode.OrganizationNotFound, null],
                $"generating: {both[0] ?? "done"}, deleting: {both[1] ?? "done"}");
            var left = await server.QueryAsync(context => context.Organizations.CountAsync(o => o.Name == name, Cancellation));
            var runners = await server.QueryAsync(context => context.Runners.CountAsync(r => !context.Organizations.Any(o => o.Id == r.OrganizationId), Cancellation));
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
