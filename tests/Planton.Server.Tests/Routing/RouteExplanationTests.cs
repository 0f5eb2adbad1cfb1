using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Routing;
using Planton.Api.Runners;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Routing;

/// <summary>An explanation is compared with what an operation at the same moment gets.</summary>
public abstract class RouteExplanationTests(SharedServer shared) : RoutedTest(shared)
{
    [Fact]
    public async Task WithoutAnyRunner_EveryLevelWasAsked_AndTheErrorIsTheOperations()
    {
        await CreateConnectionAsync("open", null);

        var route = await ExplainAsync("open");

        Assert.Equal([RouteLevelName.Connection, RouteLevelName.Organization, RouteLevelName.Platform], route.Steps.Select(step => step.Level));
        Assert.All(route.Steps, step => Assert.Null(step.Runner));
        Assert.Equal((null, null, null, ErrorCode.NoRunnerAvailable), (route.Runner, route.Level, route.Status, route.Code));
        await SameAsTheOperationsAsync(route, "open");
    }

    [Fact]
    public async Task TheLevelThatDecidesIsTheLastStep()
    {
        await Admin.RegisterRunnerAsync(Org, "named", Cancellation);
        await Admin.RegisterRunnerAsync(Org, "own", Cancellation);
        var platformRunner = UniqueName("shared");
        await Admin.RegisterRunnerAsync(null, platformRunner, Cancellation);
        await CreateConnectionAsync("direct", "named");
        await CreateConnectionAsync("open", null);
        await Admin.SetDefaultRunnerAsync(null, platformRunner, Cancellation);
        await Admin.GrantRunnerAsync(platformRunner, new() { Organization = Org }, Cancellation);

        var platform = await ExplainAsync("open");
        await Admin.SetDefaultRunnerAsync(Org, "own", Cancellation);
        var organization = await ExplainAsync("open");
        var connection = await ExplainAsync("direct");

        Assert.Equal((RouteLevelName.Platform, platformRunner, null, 3), (platform.Level, platform.Runner, platform.RunnerOrganization, platform.Steps.Count));
        Assert.Equal((RouteLevelName.Organization, "own", Org, 2), (organization.Level, organization.Runner, organization.RunnerOrganization, organization.Steps.Count));
        Assert.Equal((RouteLevelName.Connection, "named", 1), (connection.Level, connection.Runner, connection.Steps.Count));
        Assert.Equal("own", organization.Steps[^1].Runner);
        Assert.Equal((RunnerStatus.NeverConnected, ErrorCode.RunnerUnreachable), (organization.Status, organization.Code));
        await SameAsTheOperationsAsync(organization, "open");
    }

    [Fact]
    public async Task OfTwoReplicas_TheLessBusyOneIsChosen_AndTakesTheNextOperation()
    {
        var busy = await ConnectAsync(context => context.Request.Path.Value!.EndsWith("/hang", StringComparison.Ordinal)
            ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
            : context.Response.WriteAsync("first"));
        using var hanging = new HttpRequestMessage(HttpMethod.Get, UrlOf("cluster", "/hang"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var pending = Server.HttpClient(Server.AdminKey).SendAsync(hanging, stop.Token);
        await Eventually.BecomesTrueAsync(
            async () => (await ExplainAsync("cluster")).Tunnels.Any(tunnel => tunnel.Operations == 1), "the operation is in flight", cancellationToken: Cancellation);
        var idle = Started(await ConnectedRunner.StartAsync(busy.Credentials, context => context.Response.WriteAsync("second")));
        await idle.Link.WaitForStartAsync(Cancellation);
        await Eventually.BecomesTrueAsync(
            async () => (await ExplainAsync("cluster")).Tunnels.Count == 2, "both are ready", cancellationToken: Cancellation);

        var route = await ExplainAsync("cluster");

        Assert.Equal([(1, false), (0, true)], route.Tunnels.OrderByDescending(tunnel => tunnel.Operations).Select(tunnel => (tunnel.Operations, tunnel.Chosen)));
        Assert.Equal((null, null, RunnerStatus.Connected), (route.Code, route.Detail, route.Status));
        using (var next = await GetAsync("/x"))
            Assert.Equal("second", await next.Content.ReadAsStringAsync(Cancellation));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
    }

    [Fact]
    public async Task ADeletedRunner_IsNamedInTheOnlyStep()
    {
        await Admin.RegisterRunnerAsync(Org, "gone", Cancellation);
        await CreateConnectionAsync("cluster", "gone");
        await Admin.DeleteRunnerAsync(Org, "gone", Cancellation);

        var route = await ExplainAsync("cluster");

        Assert.Contains("\"gone\"", Assert.Single(route.Steps).Detail, StringComparison.Ordinal);
        await SameAsTheOperationsAsync(route, "cluster");
    }

    [Fact]
    public async Task AnUnknownConnection_IsToldWithNearMisses_AndNothingIsSent()
    {
        await CreateConnectionAsync("cluster", null);
        var problem = await Expect.ProblemAsync(ErrorCode.ConnectionNotFound, () => Admin.ExplainRouteAsync(Org, "clustr", Cancellation));
        Assert.Contains("Did you mean cluster?", problem.Hint, StringComparison.Ordinal);
        Assert.Empty(await AuditAsync());
    }

    private Task<RouteExplanation> ExplainAsync(string connection) => Admin.ExplainRouteAsync(Org, connection, Cancellation);

    private async Task SameAsTheOperationsAsync(RouteExplanation route, string connection)
    {
        using var response = await GetAsync("/x", connection);
        Assert.Equal($"{route.Detail}. {route.Hint}", await MessageAsync(response, route.Code!));
        var recorded = await Server.QueryAsync(context => context.AuditRecords
            .Where(record => record.OrganizationId == OrgId).OrderByDescending(record => record.Sequence).Select(record => record.Detail).FirstAsync(Cancellation));
        Assert.Equal(route.Detail, recorded);
    }
}

public sealed class RouteExplanationTestsOnSqlite(RoutingOnSqlite shared) : RouteExplanationTests(shared), IClassFixture<RoutingOnSqlite>;

public sealed class RouteExplanationTestsOnPostgreSql(RoutingOnPostgreSql shared) : RouteExplanationTests(shared), IClassFixture<RoutingOnPostgreSql>;
