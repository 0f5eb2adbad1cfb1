using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Credentials;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Audit;
using Planton.Server.DefaultRunners;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Runners;

public sealed class DeleteRunnerTests : KubernetesProxyTest
{
    [Fact]
    public async Task WithTheRunnerGoItsAccountKeysCredentialsBindingsAndTunnels()
    {
        await using var runner = await ConnectAsync(context => context.Response.WriteAsync("here"));
        await Server.Admin.GenerateCredentialsAsync("default", "prod", Cancelled);
        await BindAsync(await Server.DefaultOrganizationIdAsync(), "prod");

        var summary = await Server.Admin.DeleteRunnerAsync("default", "prod", Cancelled);

        Assert.Equal(new RevocationSummary(2, 2, 1, 0), summary);
        Assert.Equal(RefusalCode.Unknown, (await runner.Link.Refused.WaitAsync(TimeSpan.FromSeconds(10), Cancelled)).Code);
        await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => Server.Client(runner.Credentials.ApiKey!).GetCallerAsync(Cancelled));
        await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Server.Admin.GetRunnerAsync("default", "prod", Cancelled));
        await Server.QueryAsync(async context =>
        {
            Assert.Equal(0, await context.Runners.CountAsync(Cancelled));
            Assert.Equal(0, await context.ServiceAccounts.CountAsync(Cancelled));
            Assert.Equal(0, await context.Memberships.CountAsync(m => m.ServiceAccountId != null, Cancelled));
            Assert.Equal(0, await context.ApiKeys.CountAsync(key => key.UserId == null, Cancelled));
            Assert.Equal(0, await context.RunnerCredentials.CountAsync(Cancelled));
            Assert.Equal(0, await context.DefaultRunnerBindings.CountAsync(Cancelled));
            var record = await context.AuditRecords.SingleAsync(r => r.Action == AuditAction.DeleteRunner, Cancelled);
            Assert.Equal("runner/prod", record.Resource);
            Assert.Contains("2 credential(s); 1 connection(s) lose their runner", record.Detail, StringComparison.Ordinal);
            return 0;
        });
    }

    [Fact]
    public async Task AConnectionThatNamedIt_HasNoRoute_NotTheDefaultOne_UntilTheNameIsRegisteredAgain()
    {
        await ConnectAsync(context => context.Response.WriteAsync("mine"));
        Started(await ConnectedRunner.StartAsync(Server, "fallback", context => context.Response.WriteAsync("another cluster")));
        await BindAsync(await Server.DefaultOrganizationIdAsync(), "fallback");
        await Server.Admin.DeleteRunnerAsync("default", "prod", Cancelled);

        using (var refused = await GetAsync("/x"))
        {
            Assert.Equal(ErrorCode.NoRunnerAvailable, refused.Headers.GetValues(OperationHeaders.Error).Single());
            Assert.Contains("was deleted, and no default takes its place", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        Assert.Equal("prod", (await Server.Admin.GetConnectionAsync("default", "cluster", Cancelled)).Runner);
        Started(await ConnectedRunner.StartAsync(Server, "prod", context => context.Response.WriteAsync("mine again")));
        using var routed = await GetAsync("/x");
        Assert.Equal("mine again", await routed.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task TheImpactNamesWhatWouldEnd()
    {
        await using var runner = await ConnectAsync(context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        await Server.Admin.RegisterRunnerAsync("default", "other", Cancelled);
        await CreateConnectionAsync("elsewhere", "other");
        await CreateConnectionAsync("open", null);
        var pending = GetAsync("/x");
        await Expect.EventuallyAsync("the operation is under way", async () =>
            (await Server.Admin.GetRunnerImpactAsync("default", "prod", Cancelled)).Operations == 1);

        var before = await Server.Admin.GetRunnerImpactAsync("default", "prod", Cancelled);
        Assert.Equal((1, 1, 1), (before.Tunnels, before.Operations, before.Credentials));
        Assert.Equal(["cluster"], before.Connections);
        Assert.Empty(before.DefaultLevels);

        await BindAsync(await Server.DefaultOrganizationIdAsync(), "prod");
        var asDefault = await Server.Admin.GetRunnerImpactAsync("default", "prod", Cancelled);
        Assert.Equal(["cluster", "open"], asDefault.Connections);
        Assert.Equal(["organization"], asDefault.DefaultLevels);
        Assert.Equal(1, (await Server.Admin.DeleteRunnerAsync("default", "prod", Cancelled)).Operations);
        using var lost = await pending;
        Assert.Equal(ErrorCode.RunnerLost, lost.Headers.GetValues(OperationHeaders.Error).Single());
    }

    [Fact]
    public async Task ThePlatformsDefault_WouldBeMissedWhereverNoOtherIsSet_AndForeignNamesAreOnlyCounted()
    {
        await Server.Admin.RegisterRunnerAsync(null, "shared", Cancelled);
        await BindAsync(null, "shared");
        await CreateConnectionAsync("open", null);
        var foreign = await Server.Admin.CreateOrganizationAsync("foreign", Cancelled);
        await CreateConnectionAsync("theirs", null, org: "foreign");
        await Server.QueryAsync(context => context.Memberships.Where(m => m.OrganizationId == foreign.Id).ExecuteDeleteAsync(Cancelled));
        await Expect.EventuallyAsync("the membership is gone", async () => (await Server.Admin.ListOrganizationsAsync(Cancelled)).Items.Count == 1);

        var impact = await Server.Admin.GetRunnerImpactAsync(null, "shared", Cancelled);

        Assert.Equal(["default/open"], impact.Connections);
        Assert.Equal(1, impact.OtherConnections);
        Assert.Equal(["platform"], impact.DefaultLevels);
    }

    [Fact]
    public async Task ARunnerOfThatNameElsewhere_IsLeft()
    {
        await Server.Admin.RegisterRunnerAsync(null, "prod", Cancelled);
        await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Server.Admin.DeleteRunnerAsync("default", "prod", Cancelled));
        await Server.Admin.RegisterRunnerAsync("default", "prod", Cancelled);
        Assert.Equal(new RevocationSummary(0, 0, 0, 0), await Server.Admin.DeleteRunnerAsync("default", "prod", Cancelled));
        Assert.Single((await Server.Admin.ListRunnersAsync(null, cancellationToken: Cancelled)).Items);
    }

    private Task<int> BindAsync(string? organizationId, string runner) => Server.QueryAsync(async context =>
    {
        var found = await context.Runners.SingleAsync(r => r.Name == runner, Cancelled);
        context.DefaultRunnerBindings.Add(new DefaultRunnerBindingEntity
        {
            Id = DefaultRunnerBindingEntity.IdOf(organizationId), OrganizationId = organizationId, RunnerId = found.Id,
        });
        return await context.SaveChangesAsync(Cancelled);
    });
}
