using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Credentials;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Routing;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Runners;

public abstract class DeleteRunnerTests(SharedServer shared) : RoutedTest(shared)
{
    [Fact]
    public async Task WithTheRunnerGoItsAccountKeysCredentialsBindingsAndTunnels()
    {
        await using var runner = await ConnectAsync(context => context.Response.WriteAsync("here"));
        await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation);
        await Admin.SetDefaultRunnerAsync(Org, "prod", Cancellation);

        var runnerId = runner.Credentials.Metadata!.RunnerId!;
        var account = await Server.QueryAsync(context => context.ServiceAccounts.SingleAsync(stored => stored.RunnerId == runnerId, Cancellation));

        var summary = await Admin.DeleteRunnerAsync(Org, "prod", Cancellation);

        Assert.Equal(new RevocationSummary(2, 2, 1, 0), summary);
        Assert.Equal(RefusalCode.Unknown, (await runner.Link.Refused.WaitAsync(TimeSpan.FromSeconds(10), Cancellation)).Code);
        await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => Server.Client(runner.Credentials.ApiKey!).GetCallerAsync(Cancellation));
        await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Admin.GetRunnerAsync(Org, "prod", Cancellation));
        await Server.QueryAsync(async context =>
        {
            Assert.Equal(0, await context.Runners.CountAsync(stored => stored.OrganizationId == OrgId, Cancellation));
            Assert.Equal(0, await context.ServiceAccounts.CountAsync(stored => stored.OrganizationId == OrgId || stored.Id == account.Id, Cancellation));
            Assert.Equal(0, await context.Memberships.CountAsync(
                m => (m.OrganizationId == OrgId && m.ServiceAccountId != null) || m.ServiceAccountId == account.Id, Cancellation));
            Assert.Equal(0, await context.ApiKeys.CountAsync(key => key.ServiceAccountId == account.Id, Cancellation));
            Assert.Equal(0, await context.RunnerCredentials.CountAsync(credential => credential.RunnerId == runnerId, Cancellation));
            Assert.Equal(0, await context.DefaultRunnerBindings.CountAsync(
                binding => binding.OrganizationId == OrgId || binding.RunnerId == runnerId, Cancellation));
            var record = await context.AuditRecords.SingleAsync(
                r => r.Action == AuditAction.DeleteRunner && r.OrganizationId == OrgId, Cancellation);
            Assert.Equal("runner/prod", record.Resource);
            Assert.Contains("2 credential(s); 1 connection(s) lose their runner", record.Detail, StringComparison.Ordinal);
            return 0;
        });
    }

    [Fact]
    public async Task AConnectionThatNamedIt_HasNoRoute_NotTheDefaultOne_UntilTheNameIsRegisteredAgain()
    {
        await ConnectAsync(context => context.Response.WriteAsync("mine"));
        await StartRunnerAsync("fallback", context => context.Response.WriteAsync("another cluster"));
        await Admin.SetDefaultRunnerAsync(Org, "fallback", Cancellation);
        await Admin.DeleteRunnerAsync(Org, "prod", Cancellation);

        using (var refused = await GetAsync("/x"))
        {
            Assert.Equal(ErrorCode.NoRunnerAvailable, refused.Headers.GetValues(OperationHeaders.Error).Single());
            Assert.Contains("was deleted, and no default takes its place", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        Assert.Equal("prod", (await Admin.GetConnectionAsync(Org, "cluster", Cancellation)).Runner);
        await StartRunnerAsync("prod", context => context.Response.WriteAsync("mine again"));
        using var routed = await GetAsync("/x");
        Assert.Equal("mine again", await routed.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task TheImpactNamesWhatWouldEnd()
    {
        // An operation is counted before it is sent, and ends in another way then.
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var runner = await ConnectAsync(context =>
        {
            reached.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        await Admin.RegisterRunnerAsync(Org, "other", Cancellation);
        await CreateConnectionAsync("elsewhere", "other");
        await CreateConnectionAsync("open", null);
        var pending = GetAsync("/x");
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                if (pending.IsCompleted)
                    Assert.Fail($"the operation has ended: {await (await pending).Content.ReadAsStringAsync(Cancellation)}");
                return reached.Task.IsCompleted;
            },
            "the operation has reached the runner",
            cancellationToken: Cancellation);

        var before = await Admin.GetRunnerImpactAsync(Org, "prod", Cancellation);
        Assert.Equal((1, 1, 1), (before.Tunnels, before.Operations, before.Credentials));
        Assert.Equal(["cluster"], before.Connections);
        Assert.Empty(before.DefaultLevels);

        await Admin.SetDefaultRunnerAsync(Org, "prod", Cancellation);
        var asDefault = await Admin.GetRunnerImpactAsync(Org, "prod", Cancellation);
        Assert.Equal(["cluster", "open"], asDefault.Connections);
        Assert.Equal(["organization"], asDefault.DefaultLevels);
        Assert.Equal(1, (await Admin.DeleteRunnerAsync(Org, "prod", Cancellation)).Operations);
        using var lost = await pending;
        Assert.Equal(ErrorCode.RunnerLost, lost.Headers.GetValues(OperationHeaders.Error).Single());
    }

    [Fact]
    public async Task ThePlatformsDefault_WouldBeMissedWhereverNoOtherIsSet_AndForeignNamesAreOnlyCounted()
    {
        var name = UniqueName("shared");
        await Admin.RegisterRunnerAsync(null, name, Cancellation);
        await Admin.SetDefaultRunnerAsync(null, name, Cancellation);
        await CreateConnectionAsync("open", null);
        var (foreign, foreignId) = await NewOrganizationAsync("foreign");
        await CreateConnectionAsync("theirs", null, org: foreign);
        foreach (var granted in new[] { Org, foreign })
            await Admin.GrantRunnerAsync(name, new() { Organization = granted }, Cancellation);
        var (ungranted, _) = await NewOrganizationAsync("ungranted");
        await CreateConnectionAsync("unrouted", null, org: ungranted);
        await Server.QueryAsync(context => context.Memberships.Where(m => m.OrganizationId == foreignId).ExecuteDeleteAsync(Cancellation));
        await Eventually.BecomesTrueAsync(
            async () => (await Admin.ListOrganizationsAsync(Cancellation)).Items.All(organization => organization.Name != foreign),
            "the membership is gone",
            cancellationToken: Cancellation);

        var impact = await Admin.GetRunnerImpactAsync(null, name, Cancellation);

        Assert.Equal([$"{Org}/open"], impact.Connections);
        Assert.Equal(1, impact.OtherConnections);
        Assert.Equal(["platform"], impact.DefaultLevels);
    }

    [Fact]
    public async Task ARunnerOfThatNameElsewhere_IsLeft()
    {
        var name = UniqueName("prod");
        await Admin.RegisterRunnerAsync(null, name, Cancellation);
        await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Admin.DeleteRunnerAsync(Org, name, Cancellation));
        await Admin.RegisterRunnerAsync(Org, name, Cancellation);
        Assert.Equal(new RevocationSummary(0, 0, 0, 0), await Admin.DeleteRunnerAsync(Org, name, Cancellation));
        Assert.Single((await Admin.ListRunnersAsync(null, cancellationToken: Cancellation)).Items, runner => runner.Name == name);
    }
}

public sealed class DeleteRunnerTestsOnSqlite(RoutingOnSqlite shared) : DeleteRunnerTests(shared), IClassFixture<RoutingOnSqlite>;

public sealed class DeleteRunnerTestsOnPostgreSql(RoutingOnPostgreSql shared) : DeleteRunnerTests(shared), IClassFixture<RoutingOnPostgreSql>;
