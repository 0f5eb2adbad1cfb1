using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Credentials;
using Planton.Api.Errors;
using Planton.Api.Runners;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Credentials;

public sealed class RegenerateCredentialsTests : KubernetesProxyTest
{
    [Fact]
    public async Task EveryEarlierCredentialIsDead_AndTheNewOneWorks()
    {
        await using var first = await ConnectAsync(context => context.Response.WriteAsync("old"));
        var second = (await Server.Admin.GenerateCredentialsAsync("default", "prod", Cancelled)).Credentials;

        var answer = await Server.Admin.RegenerateCredentialsAsync("default", "prod", Cancelled);

        Assert.Equal(new RevocationSummary(2, 2, 1, 0), answer.Revoked);
        Assert.Empty(answer.Credentials.Validate());
        Assert.Equal(RefusalCode.Revoked, (await first.Link.Refused.WaitAsync(TimeSpan.FromSeconds(10), Cancelled)).Code);
        foreach (var old in new[] { first.Credentials, second })
            await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => Server.Client(old.ApiKey!).GetCallerAsync(Cancelled));
        Assert.Equal(first.Credentials.Metadata!.RunnerId, answer.Credentials.Metadata!.RunnerId);

        await using var renewed = await ConnectedRunner.StartAsync(answer.Credentials, context => context.Response.WriteAsync("new"));
        Assert.Null((await renewed.Link.WaitForStartAsync(Cancelled)).Refusal);
        Assert.NotNull((await Server.Client(answer.Credentials.ApiKey!).GetCallerAsync(Cancelled)).Runner);
        using var response = await GetAsync("/x");
        Assert.Equal("new", await response.Content.ReadAsStringAsync(Cancelled));
        var record = await Server.QueryAsync(context => context.AuditRecords.SingleAsync(r => r.Action == AuditAction.RegenerateCredentials, Cancelled));
        Assert.Contains("2 earlier credential(s) revoked", record.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(answer.Credentials.ApiKey![16..], record.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("default")]
    [InlineData(null)]
    public async Task ARunnerThatIsNotRegistered_IsNotMadeByIt(string? organization)
    {
        await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Server.Admin.RegenerateCredentialsAsync(organization, "prod", Cancelled));
        Assert.Empty((await Server.Admin.ListRunnersAsync(organization, true, Cancelled)).Items);
    }

    [Fact]
    public async Task ARunnerWithoutCredentials_GetsItsFirst()
    {
        await Server.Admin.RegisterRunnerAsync(null, "shared", Cancelled);
        var answer = await Server.Admin.RegenerateCredentialsAsync(null, "shared", Cancelled);
        Assert.Equal(new RevocationSummary(0, 0, 0, 0), answer.Revoked);
        Assert.Null(answer.Credentials.Metadata!.Organization);
        Assert.Equal("shared", (await Server.Client(answer.Credentials.ApiKey!).GetCallerAsync(Cancelled)).Runner!.Name);
    }

    [Fact]
    public async Task TwoHundredGeneratedWhileItIsRegenerated_ExactlyThoseAfterItAreValid()
    {
        var admin = Server.Admin;
        await admin.RegisterRunnerAsync("default", "prod", Cancelled);
        var generating = Enumerable.Range(0, 200).Select(_ => admin.GenerateCredentialsAsync("default", "prod", Cancelled)).ToList();
        await Task.WhenAny(generating);
        var regenerated = await admin.RegenerateCredentialsAsync("default", "prod", Cancelled);
        var generated = await Task.WhenAll(generating);

        // The order in which they were written is that of the audit trail.
        var order = await Server.QueryAsync(context => context.AuditRecords
            .Where(r => r.Action == AuditAction.GenerateCredentials || r.Action == AuditAction.RegenerateCredentials)
            .OrderBy(r => r.Sequence).Select(r => new { r.Action, r.Detail }).ToListAsync(Cancelled));
        var border = order.FindIndex(record => record.Action == AuditAction.RegenerateCredentials);
        Assert.Equal(201, order.Count);
        Assert.Equal(border, regenerated.Revoked.Credentials);
        Assert.Equal(border, regenerated.Revoked.ApiKeys);
        var position = order.Select((record, index) => (Id: record.Detail![11..47], index)).ToDictionary(pair => pair.Id, pair => pair.index);

        foreach (var credentials in generated.Select(answer => answer.Credentials).Append(regenerated.Credentials))
            Assert.Equal(position[credentials.Metadata!.Id!] >= border, await IsAcceptedAsync(credentials));
        var valid = (await admin.ListCredentialsAsync("default", "prod", Cancelled)).Items.Where(credential => credential.RevokedAt is null).ToList();
        Assert.Equal(201 - border, valid.Count);
        Assert.All(valid, credential => Assert.True(position[credential.Id] >= border));
    }

    private async Task<bool> IsAcceptedAsync(RunnerCredentials credentials)
    {
        try
        {
            await Server.Client(credentials.ApiKey!).GetCallerAsync(Cancelled);
            return true;
        }
        catch (ApiException refused) when (refused.Problem.Code == ErrorCode.Unauthenticated)
        {
            return false;
        }
    }
}
