using System.Text.Json;
using Planton.Api;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Api.Runners;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Routing;

namespace Planton.Server.Tests.RunnerGrants;

/// <summary>Contexts and addresses of a platform runner are its operators' to read, and not those of whoever uses it.</summary>
public abstract class HiddenAddressTests(SharedServer shared) : PlatformRunnerTest(shared)
{
    private const string Secrets = "the runner's kubeconfig has no context 'x'. It has: internal-prod, internal-staging at 10.99.0.7:6443";

    [Fact]
    public async Task ATenantSeesOfAPlatformRunner_ThatItIsConnected_AndNotWhere()
    {
        var tenant = Server.Client(await AddUserAsync(RoleName.Owner));

        var seen = await tenant.GetRunnerAsync(null, Shared, Cancellation);
        var lists = new[] { await tenant.ListRunnersAsync(null, cancellationToken: Cancellation), await tenant.ListRunnersAsync(Org, true, Cancellation) };

        Assert.Equal((RunnerStatus.Connected, null, ""), (seen.Status, seen.Address, Assert.Single(seen.Tunnels).Address));
        foreach (var runner in lists.SelectMany(list => list.Items).Where(runner => runner.Organization is null).Append(seen))
            AssertHidesAddresses(JsonSerializer.Serialize(runner, PlantonJson.Default.Runner));
        var operators = await Admin.GetRunnerAsync(null, Shared, Cancellation);
        Assert.StartsWith("127.0.0.1:", operators.Address, StringComparison.Ordinal);
        Assert.Equal("test-host", operators.Tunnels[0].HostName);
    }

    [Fact]
    public async Task AnExplanation_AndAConnectionTest_NameNoAddressOfIt()
    {
        var tenant = Server.Client(await AddUserAsync(RoleName.Owner));
        await CreateConnectionAsync("open", null);
        await GrantAsync();

        var route = await tenant.ExplainRouteAsync(Org, "open", Cancellation);
        var test = await tenant.TestConnectionAsync(Org, "open", Cancellation);

        Assert.True(Assert.Single(route.Tunnels).Chosen);
        AssertHidesAddresses(JsonSerializer.Serialize(route, PlantonJson.Default.RouteExplanation));
        Assert.True(test.Ok);
        AssertHidesAddresses(JsonSerializer.Serialize(test, PlantonJson.Default.ConnectionTest));
        Assert.StartsWith("127.0.0.1:", Assert.Single((await Admin.ExplainRouteAsync(Org, "open", Cancellation)).Tunnels).Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatItsRunnerSaysOfTheWayToACluster_IsNotPassedOn()
    {
        await CreateConnectionAsync("open", null, "x");
        await GrantAsync("x");
        Target = context =>
        {
            context.Response.StatusCode = 502;
            context.Response.Headers[OperationHeaders.Error] = ErrorCode.TargetUnreachable;
            context.Response.Headers[OperationHeaders.ErrorDetail] = Uri.EscapeDataString(Secrets);
            return Task.CompletedTask;
        };

        using var response = await GetAsync("/api", "open");
        var test = await Admin.TestConnectionAsync(Org, "open", Cancellation);

        var message = await MessageAsync(response, ErrorCode.TargetUnreachable, 502);
        Assert.Contains($"runner \"{Shared}\" of the platform could not reach the target", message, StringComparison.Ordinal);
        Assert.DoesNotContain("internal-", message, StringComparison.Ordinal);
        Assert.DoesNotContain("internal-", JsonSerializer.Serialize(test, PlantonJson.Default.ConnectionTest), StringComparison.Ordinal);
        Assert.DoesNotContain(await AuditAsync(), record => record.Detail?.Contains("internal-", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task WhereItWasLastSeen_IsNotInTheErrorThatItIsUnreachable()
    {
        await CreateConnectionAsync("open", null);
        await GrantAsync();
        await DisconnectAsync();

        using var response = await GetAsync("/api", "open");

        var message = await MessageAsync(response, ErrorCode.RunnerUnreachable, 503);
        Assert.Contains($"runner \"{Shared}\" of the platform is unreachable", message, StringComparison.Ordinal);
        Assert.Contains($"planton runner get {Shared} --platform", message, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", message, StringComparison.Ordinal);
    }

    private static void AssertHidesAddresses(string json)
    {
        Assert.DoesNotContain("127.0.0.1", json, StringComparison.Ordinal);
        Assert.DoesNotContain("test-host", json, StringComparison.Ordinal);
    }

    private async Task DisconnectAsync()
    {
        await Runner.DisposeAsync();
        await Eventually.BecomesTrueAsync(
            async () => (await Admin.GetRunnerAsync(null, Shared, Cancellation)) is { Status: RunnerStatus.Disconnected, Address: not null },
            "the runner is seen as gone", cancellationToken: Cancellation);
    }
}

public sealed class HiddenAddressTestsOnSqlite(RoutingOnSqlite shared) : HiddenAddressTests(shared), IClassFixture<RoutingOnSqlite>;

public sealed class HiddenAddressTestsOnPostgreSql(RoutingOnPostgreSql shared) : HiddenAddressTests(shared), IClassFixture<RoutingOnPostgreSql>;
