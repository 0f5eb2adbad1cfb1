using Microsoft.AspNetCore.Http;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Tunnel.Gateway;

namespace Planton.Server.Tests.Routing;

/// <summary>What a runner responds, and what becomes of it for the client. No storage is involved: one database is enough.</summary>
public sealed class RunnerResponseTests(RoutingOnSqlite shared) : RoutedTest(shared), IClassFixture<RoutingOnSqlite>
{
    [Fact]
    public async Task ATunnelThatBreaksDuringTheOperation_IsLost_AndNotTriedAgain()
    {
        var operations = 0;
        var runnerId = "";
        var runner = await ConnectAsync(context =>
        {
            Interlocked.Increment(ref operations);
            Server.Get<TunnelRegistry>().Of(runnerId).Single().Abort("the test cuts it");
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        runnerId = runner.Credentials.Metadata!.RunnerId!;

        using var response = await GetAsync("/x");

        var message = await MessageAsync(response, ErrorCode.RunnerLost, 502);
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

        var message = await MessageAsync(known, ErrorCode.TargetUnreachable, 502);
        Assert.Contains("runner \"prod\" could not reach the target: 10.0.0.1:6443 refuses", message, StringComparison.Ordinal);
        Assert.DoesNotContain(message, char.IsControl);
        await MessageAsync(unknown, ErrorCode.RefusedByRunner, 403);
    }

    [Fact]
    public async Task AConnectionTest_GoesStageByStage()
    {
        await ConnectAsync(context =>
        {
            context.Response.Headers[OperationHeaders.RunnerMilliseconds] = "0.01";
            return context.Response.WriteAsync("{\"gitVersion\":\"v1.99.0\"}");
        });
        await Admin.RegisterRunnerAsync(Org, "idle", Cancellation);
        await CreateConnectionAsync("unreachable", "idle");
        await CreateConnectionAsync("unrouted", null);

        var good = await Admin.TestConnectionAsync(Org, "cluster", Cancellation);
        var unreachable = await Admin.TestConnectionAsync(Org, "unreachable", Cancellation);
        var unrouted = await Admin.TestConnectionAsync(Org, "unrouted", Cancellation);

        Assert.True(good.Ok);
        Assert.Equal(["control-plane", "tunnel", "runner", "target"], good.Stages.Select(s => s.Name));
        Assert.Equal("Kubernetes v1.99.0", good.Stages[3].Detail);
        Assert.Equal(0.01, good.Stages[2].Milliseconds);
        Assert.All(good.Stages, stage => Assert.True(stage.Milliseconds >= 0));
        Assert.False(unreachable.Ok);
        Assert.Equal(("tunnel", ErrorCode.RunnerUnreachable), (unreachable.Stages[^1].Name, unreachable.Stages[^1].Code));
        Assert.False(unrouted.Ok);
        Assert.Equal(("control-plane", ErrorCode.NoRunnerAvailable), (unrouted.Stages[^1].Name, unrouted.Stages[^1].Code));
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

        var test = await Admin.TestConnectionAsync(Org, "cluster", Cancellation);

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

        var test = await Admin.TestConnectionAsync(Org, "cluster", Cancellation);

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
}
