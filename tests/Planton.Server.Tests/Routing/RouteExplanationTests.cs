using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Api.Routing;
using Planton.Api.Runners;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;

namespace Planton.Server.Tests.Routing;

/// <summary>An explanation is compared with what an operation at the same moment gets.</summary>
public sealed class RouteExplanationTests : KubernetesProxyTest
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
        await Server.Admin.RegisterRunnerAsync("default", "named", Cancelled);
        await Server.Admin.RegisterRunnerAsync("default", "own", Cancelled);
        await Server.Admin.RegisterRunnerAsync(null, "shared", Cancelled);
        await CreateConnectionAsync("direct", "named");
        await CreateConnectionAsync("open", null);
        await Server.Admin.SetDefaultRunnerAsync(null, "shared", Cancelled);

        var platform = await ExplainAsync("open");
        await Server.Admin.SetDefaultRunnerAsync("default", "own", Cancelled);
        var organization = await ExplainAsync("open");
        var connection = await ExplainAsync("direct");

        Assert.Equal((RouteLevelName.Platform, "shared", null, 3), (platform.Level, platform.Runner, platform.RunnerOrganization, platform.Steps.Count));
        Assert.Equal((RouteLevelName.Organization, "own", "default", 2), (organization.Level, organization.Runner, organization.RunnerOrganization, organization.Steps.Count));
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
        using var hanging = new HttpRequestMessage(HttpMethod.Get, new Uri($"{Server.Url}kubernetes/default/cluster/hang"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var pending = Server.HttpClient(Server.AdminKey).SendAsync(hanging, stop.Token);
        await Expect.EventuallyAsync("the operation is under way", async () => (await ExplainAsync("cluster")).Tunnels.Any(tunnel => tunnel.Operations == 1));
        var idle = Started(await ConnectedRunner.StartAsync(busy.Credentials, context => context.Response.WriteAsync("second")));
        await idle.Link.WaitForStartAsync(Cancelled);
        await Expect.EventuallyAsync("both are ready", async () => (await ExplainAsync("cluster")).Tunnels.Count == 2);

        var route = await ExplainAsync("cluster");

        Assert.Equal([(1, false), (0, true)], route.Tunnels.OrderByDescending(tunnel => tunnel.Operations).Select(tunnel => (tunnel.Operations, tunnel.Chosen)));
        Assert.Equal((null, null, RunnerStatus.Connected), (route.Code, route.Detail, route.Status));
        using (var next = await GetAsync("/x"))
            Assert.Equal("second", await next.Content.ReadAsStringAsync(Cancelled));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
    }

    [Fact]
    public async Task ADeletedRunner_IsNamedInTheOnlyStep()
    {
        await Server.Admin.RegisterRunnerAsync("default", "gone", Cancelled);
        await CreateConnectionAsync("cluster", "gone");
        await Server.Admin.DeleteRunnerAsync("default", "gone", Cancelled);

        var route = await ExplainAsync("cluster");

        Assert.Contains("\"gone\"", Assert.Single(route.Steps).Detail, StringComparison.Ordinal);
        await SameAsTheOperationsAsync(route, "cluster");
    }

    [Fact]
    public async Task AnUnknownConnection_IsToldWithNearMisses_AndNothingIsSent()
    {
        await CreateConnectionAsync("cluster", null);
        var problem = await Expect.ProblemAsync(ErrorCode.ConnectionNotFound, () => Server.Admin.ExplainRouteAsync("default", "clustr", Cancelled));
        Assert.Contains("Did you mean cluster?", problem.Hint, StringComparison.Ordinal);
        Assert.Empty(await AuditAsync());
    }

    private Task<RouteExplanation> ExplainAsync(string connection) => Server.Admin.ExplainRouteAsync("default", connection, Cancelled);

    private async Task SameAsTheOperationsAsync(RouteExplanation route, string connection)
    {
        using var response = await GetAsync("/x", connection: connection);
        Assert.Equal(route.Code, response.Headers.GetValues(OperationHeaders.Error).Single());
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal($"{route.Detail}. {route.Hint}", json.RootElement.GetProperty("message").GetString());
        var recorded = await Server.QueryAsync(context => context.AuditRecords.OrderByDescending(record => record.Sequence)
            .Select(record => record.Detail).FirstAsync(Cancelled));
        Assert.Equal(route.Detail, recorded);
    }
}
