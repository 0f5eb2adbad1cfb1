using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Api.Runners;
using Planton.Server.DefaultRunners;
using Planton.Server.Runners;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;

namespace Planton.Server.Tests.Routing;

public sealed class RoutingTests : KubernetesProxyTest
{
    [Fact]
    public async Task TheConnectionsOwnRunner_ThenTheOrganizationsDefault_ThenThePlatforms()
    {
        await StartAsync("own");
        await StartAsync("org-default");
        await StartAsync("platform-default", org: null);
        await CreateConnectionAsync("named", "own");
        await CreateConnectionAsync("open", null);
        await BindAsync(null, "platform-default");

        Assert.Equal("own", await AskAsync("named"));
        Assert.Equal("platform-default", await AskAsync("open"));
        await BindAsync(await Server.DefaultOrganizationIdAsync(), "org-default");
        Assert.Equal("org-default", await AskAsync("open"));
        Assert.Equal("own", await AskAsync("named"));
    }

    [Fact]
    public async Task WithNoRunnerAtAnyLevel_TheErrorSaysHowToSetOne()
    {
        await CreateConnectionAsync("open", null);

        using var response = await GetAsync("/x", connection: "open");

        var message = await ErrorAsync(response, ErrorCode.NoRunnerAvailable, 503);
        Assert.Contains("planton runner set-default", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADefaultThatBelongsToAnotherOrganization_IsNoDefault()
    {
        var other = await Server.Admin.CreateOrganizationAsync("other", Cancelled);
        Started(await ConnectedRunner.StartAsync(Server, "theirs", context => context.Response.WriteAsync("theirs"), "other"));
        await CreateConnectionAsync("open", null);
        await Server.QueryAsync(async context =>
        {
            // Not through the API, which would refuse it: a row that should not be there must still change nothing.
            var theirs = await context.Runners.SingleAsync(r => r.Name == "theirs" && r.OrganizationId == other.Id, Cancelled);
            context.DefaultRunnerBindings.Add(new DefaultRunnerBindingEntity { Id = DefaultRunnerBindingEntity.IdOf(null), RunnerId = theirs.Id });
            return await context.SaveChangesAsync(Cancelled);
        });

        using var response = await GetAsync("/x", connection: "open");

        await ErrorAsync(response, ErrorCode.NoRunnerAvailable, 503);
    }

    [Fact]
    public async Task ARunnerThatNeverConnected_IsSaidToBeSo()
    {
        await Server.Admin.RegisterRunnerAsync("default", "idle", Cancelled);
        await CreateConnectionAsync("cluster", "idle");

        using var response = await GetAsync("/x");

        var message = await ErrorAsync(response, ErrorCode.RunnerUnreachable, 503);
        Assert.Contains("runner \"idle\" of organization \"default\" is unreachable: it has never connected", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARunnerThatWent_IsNamed_WithSinceWhenAndFromWhere()
    {
        var runner = await ConnectAsync(context => context.Response.WriteAsync("ok"));
        using (var response = await GetAsync("/x"))
            Assert.True(response.IsSuccessStatusCode);
        var seen = await Server.Admin.GetRunnerAsync("default", "prod", Cancelled);
        Assert.Equal((RunnerStatus.Connected, "9.8.7", 1), (seen.Status, seen.Tunnels[0].Version, seen.Tunnels.Count));

        await runner.DisposeAsync();
        await Expect.EventuallyAsync("the runner is seen as gone", async () =>
            (await Server.Admin.GetRunnerAsync("default", "prod", Cancelled)) is { Status: RunnerStatus.Disconnected, StatusSince: not null });

        // The tunnel's end is known at once, and written down a moment later.
        var message = "";
        await Expect.EventuallyAsync("the end of the tunnel is written down", async () =>
        {
            using var after = await GetAsync("/x");
            message = await ErrorAsync(after, ErrorCode.RunnerUnreachable, 503);
            return message.Contains("is not connected since 20", StringComparison.Ordinal);
        });
        Assert.Contains("runner \"prod\"", message, StringComparison.Ordinal);
        Assert.Contains("last seen from 127.0.0.1", message, StringComparison.Ordinal);
        Assert.Contains("version 9.8.7", message, StringComparison.Ordinal);
        Assert.Contains("was not sent", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATunnelThatBreaksDuringTheOperation_IsLost_AndNotTriedAgain()
    {
        var operations = 0;
        await ConnectAsync(context =>
        {
            Interlocked.Increment(ref operations);
            Server.Get<Tunnel.Gateway.TunnelRegistry>().All.Single().Abort("the test cuts it");
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });

        using var response = await GetAsync("/x");

        var message = await ErrorAsync(response, ErrorCode.RunnerLost, 502);
        Assert.Contains("It may have run", message, StringComparison.Ordinal);
        Assert.Equal(1, operations);
        Assert.Equal(["allowed", "failed"], (await AuditAsync()).Select(r => r.Outcome));
    }

    [Fact]
    public async Task WhatTheRunnerSaysOfTheTarget_BecomesAnErrorOfOurs_WithoutControlCharacters()
    {
        await ConnectAsync(context =>
        {
            context.Response.StatusCode = 502;
            context.Response.Headers[OperationHeaders.Error] = context.Request.Query["code"];
            context.Response.Headers[OperationHeaders.ErrorDetail] = Uri.EscapeDataString("10.0.0.1:6443 refuses\r\nFAKE: line \u001b[31mred");
            return context.Response.WriteAsync("not for the client");
        });

        using var known = await GetAsync($"/x?code={ErrorCode.TargetUnreachable}");
        using var unknown = await GetAsync("/x?code=no_such_code");

        var message = await ErrorAsync(known, ErrorCode.TargetUnreachable, 502);
        Assert.Contains("runner \"prod\" could not reach the target: 10.0.0.1:6443 refuses", message, StringComparison.Ordinal);
        Assert.DoesNotContain(message, char.IsControl);
        await ErrorAsync(unknown, ErrorCode.RefusedByRunner, 403);
    }

    [Fact]
    public async Task AConnectionTest_GoesStageByStage()
    {
        await ConnectAsync(context =>
        {
            context.Response.Headers[OperationHeaders.RunnerMilliseconds] = "0.01";
            return context.Response.WriteAsync("{\"gitVersion\":\"v1.99.0\"}");
        });
        await Server.Admin.RegisterRunnerAsync("default", "idle", Cancelled);
        await CreateConnectionAsync("unreachable", "idle");
        await CreateConnectionAsync("nobody", null);

        var good = await Server.Admin.TestConnectionAsync("default", "cluster", Cancelled);
        var unreachable = await Server.Admin.TestConnectionAsync("default", "unreachable", Cancelled);
        var nobody = await Server.Admin.TestConnectionAsync("default", "nobody", Cancelled);

        Assert.True(good.Ok);
        Assert.Equal(["control-plane", "tunnel", "runner", "target"], good.Stages.Select(s => s.Name));
        Assert.Equal("Kubernetes v1.99.0", good.Stages[3].Detail);
        Assert.Equal(0.01, good.Stages[2].Milliseconds);
        Assert.All(good.Stages, stage => Assert.True(stage.Milliseconds >= 0));
        Assert.False(unreachable.Ok);
        Assert.Equal(("tunnel", ErrorCode.RunnerUnreachable), (unreachable.Stages[^1].Name, unreachable.Stages[^1].Code));
        Assert.False(nobody.Ok);
        Assert.Equal(("control-plane", ErrorCode.NoRunnerAvailable), (nobody.Stages[^1].Name, nobody.Stages[^1].Code));
    }

    [Theory]
    [InlineData(401, "refuses these credentials")]
    [InlineData(500, "answered 500")]
    public async Task AConnectionTest_SaysWhatTheTargetAnswered(int status, string detail)
    {
        await ConnectAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        var test = await Server.Admin.TestConnectionAsync("default", "cluster", Cancelled);

        Assert.False(test.Ok);
        Assert.Contains(detail, test.Stages[^1].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCode.TargetUnreachable, null, "runner")]
    [InlineData(ErrorCode.TargetUnreachable, "target", "target")]
    [InlineData(ErrorCode.RefusedByRunner, "target", "runner")]
    [InlineData("forged_code", "target", "runner")]
    public async Task AConnectionTest_SaysAtWhichStageTheRunnerGaveUp_AndBelievesNoTimeItCannotHaveTaken(string code, string? stage, string failed)
    {
        await ConnectAsync(context =>
        {
            context.Response.StatusCode = 502;
            context.Response.Headers[OperationHeaders.Error] = code;
            context.Response.Headers[OperationHeaders.ErrorStage] = stage;
            context.Response.Headers[OperationHeaders.RunnerMilliseconds] = "99999999";
            return Task.CompletedTask;
        });

        var test = await Server.Admin.TestConnectionAsync("default", "cluster", Cancelled);

        Assert.Equal(failed, test.Stages[^1].Name);
        Assert.All(test.Stages, one => Assert.InRange(one.Milliseconds, 0, 20_000));
    }

    [Fact]
    public async Task WhatTheRunnerTellsTheGateway_DoesNotReachTheClient()
    {
        await ConnectAsync(context =>
        {
            context.Response.Headers[OperationHeaders.RunnerMilliseconds] = "1";
            context.Response.Headers["Planton-Anything"] = "x";
            return context.Response.WriteAsync("ok");
        });

        using var response = await GetAsync("/x");

        Assert.Equal([OperationHeaders.OperationId], response.Headers.Select(header => header.Key).Where(name => name.StartsWith("Planton-", StringComparison.OrdinalIgnoreCase)));
    }

    private async Task StartAsync(string name, string? org = "default") =>
        Started(await ConnectedRunner.StartAsync(Server, name, context => context.Response.WriteAsync(name), org));

    private async Task<string> AskAsync(string connection)
    {
        using var response = await GetAsync("/x", connection: connection);
        return await response.Content.ReadAsStringAsync(Cancelled);
    }

    private Task<int> BindAsync(string? organizationId, string runner) => Server.QueryAsync(async context =>
    {
        RunnerEntity found = await context.Runners.SingleAsync(r => r.Name == runner, Cancelled);
        context.DefaultRunnerBindings.Add(new DefaultRunnerBindingEntity
        {
            Id = DefaultRunnerBindingEntity.IdOf(organizationId), OrganizationId = organizationId, RunnerId = found.Id,
        });
        return await context.SaveChangesAsync(Cancelled);
    });

    private static async Task<string> ErrorAsync(HttpResponseMessage response, string code, int status)
    {
        Assert.Equal((status, code), ((int)response.StatusCode, response.Headers.GetValues(OperationHeaders.Error).Single()));
        using var json = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled));
        return json.RootElement.GetProperty("message").GetString()!;
    }
}
