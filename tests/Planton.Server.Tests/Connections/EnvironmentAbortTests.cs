using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Connections;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;

namespace Planton.Server.Tests.Connections;

/// <summary>An operation in flight ends within a second after its connection may not be used for its environment any more.</summary>
public abstract class EnvironmentAbortTests(TunnelServer shared) : KubernetesProxyTest(shared)
{
    private readonly StreamingTarget _target = new();

    /// <summary>What the connection was authorized for, what the request is for, and what it is authorized for then.</summary>
    public static TheoryData<string[], string?, string[]> Removals => new()
    {
        { ["staging", "qa"], "staging", ["qa"] },
        { ["staging"], "staging", ["qa"] },
        { [], "staging", ["qa"] },
        { [], null, ["qa"] },
    };

    [Theory]
    [MemberData(nameof(Removals))]
    public async Task WhatIsNotAuthorizedAnyMore_IsAborted_AndRecorded_AndNothingElse(string[] before, string? environment, string[] after)
    {
        await ArrangeAsync("staging", "qa");
        await Server.Admin.SetConnectionEnvironmentsAsync(Org, "cluster", before, Cancelled);
        using var doomed = await OpenAsync(environment);
        await Server.Admin.SetConnectionEnvironmentsAsync(Org, "cluster", [.. before, .. before.Length == 0 ? [] : after], Cancelled);
        using var spared = await OpenAsync("qa");

        var began = TimeProvider.System.GetTimestamp();
        await Server.Admin.SetConnectionEnvironmentsAsync(Org, "cluster", after, Cancelled);

        await _target.AssertCutAsync(doomed, began);
        await StreamingTarget.AssertGoesOnAsync(spared);
        var failed = await FailedAsync();
        Assert.Equal(ErrorCode.PermissionDenied, failed.Code);
        Assert.Contains("the operation was cut: connection \"cluster\" may be used in environment \"qa\" only", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheEnvironmentIsDeleted_WhatIsForIt_IsAborted()
    {
        await ArrangeAsync("staging", "qa");
        using var doomed = await OpenAsync("staging");
        using var spared = await OpenAsync("qa");
        using var whole = await OpenAsync(null);

        var began = TimeProvider.System.GetTimestamp();
        await Server.Admin.DeleteEnvironmentAsync(Org, "staging", Cancelled);

        await _target.AssertCutAsync(doomed, began);
        await StreamingTarget.AssertGoesOnAsync(spared);
        await StreamingTarget.AssertGoesOnAsync(whole);
        Assert.Contains("environment \"staging\" has just been deleted", (await FailedAsync()).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEnvironmentOfTheSameName_IsAnotherOne()
    {
        await ArrangeAsync("staging");
        using var doomed = await OpenAsync("staging");

        var began = TimeProvider.System.GetTimestamp();
        await Server.Admin.DeleteEnvironmentAsync(Org, "staging", Cancelled);
        await Server.Admin.CreateEnvironmentAsync(Org, "staging", Cancelled);

        await _target.AssertCutAsync(doomed, began);
    }

    [Theory]
    [InlineData("authorization removed")]
    [InlineData("first authorization")]
    [InlineData("environment deleted")]
    [InlineData("connection deleted")]
    public async Task WhatAnotherServerChanged_IsAbortedAsWell(string change)
    {
        await ArrangeAsync("staging", "qa");
        if (change == "authorization removed")
            await Server.Admin.SetConnectionEnvironmentsAsync(Org, "cluster", ["staging", "qa"], Cancelled);
        using var doomed = await OpenAsync("staging");

        var began = TimeProvider.System.GetTimestamp();
        await Server.QueryAsync(async context =>
        {
            var connections = context.Connections.Where(connection => connection.OrganizationId == OrgId);
            var environments = context.Environments.Where(environment => environment.OrganizationId == OrgId);
            switch (change)
            {
                case "environment deleted":
                    return await environments.Where(environment => environment.Name == "staging").ExecuteDeleteAsync(Cancelled);
                case "connection deleted":
                    return await connections.ExecuteDeleteAsync(Cancelled);
                case "authorization removed":
                    var staging = (await environments.SingleAsync(environment => environment.Name == "staging", Cancelled)).Id;
                    return await context.ConnectionEnvironments.Where(pair => pair.EnvironmentId == staging).ExecuteDeleteAsync(Cancelled);
                default:
                    context.ConnectionEnvironments.Add(new ConnectionEnvironmentEntity
                    {
                        ConnectionId = (await connections.SingleAsync(Cancelled)).Id,
                        EnvironmentId = (await environments.SingleAsync(environment => environment.Name == "qa", Cancelled)).Id,
                    });
                    return await context.SaveChangesAsync(Cancelled);
            }
        });

        await _target.AssertCutAsync(doomed, began);
    }

    [Fact]
    public async Task ARequestWithoutAResponseYet_IsToldWhy()
    {
        await ArrangeAsync(
            async context =>
            {
                _target.Begun.Release();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            },
            "staging", "qa");
        var pending = GetAsync("/slow", connection: "cluster@staging");
        await _target.WaitForBeginAsync();

        await Server.Admin.SetConnectionEnvironmentsAsync(Org, "cluster", ["qa"], Cancelled);

        using var response = await pending.WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(ErrorCode.PermissionDenied, response.Headers.GetValues(OperationHeaders.Error).Single());
        Assert.Contains("may be used in environment \\u0022qa\\u0022 only", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        await Eventually.BecomesTrueAsync(() => Server.Get<LiveOperations>().Count == 0, "none is in flight", cancellationToken: Cancelled);
    }

    [Fact]
    public async Task ATestOfTheConnection_IsAbortedAsWell()
    {
        await ArrangeAsync(
            async context =>
            {
                _target.Begun.Release();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            },
            "staging", "qa");
        var test = Server.Admin.TestConnectionAsync(Org, "cluster", "staging", Cancelled);
        await _target.WaitForBeginAsync();

        var began = TimeProvider.System.GetTimestamp();
        await Server.Admin.SetConnectionEnvironmentsAsync(Org, "cluster", ["qa"], Cancelled);

        var problem = await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => test.WaitAsync(TimeSpan.FromSeconds(10), Cancelled));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, StreamingTarget.Second);
        Assert.StartsWith("the operation was cut: ", problem.Detail, StringComparison.Ordinal);
    }

    private Task ArrangeAsync(params string[] environments) => ArrangeAsync(_target.StreamAsync, environments);

    private async Task ArrangeAsync(RequestDelegate target, params string[] environments)
    {
        foreach (var environment in environments)
            await Server.Admin.CreateEnvironmentAsync(Org, environment, Cancelled);
        await ConnectAsync(target);
    }

    private async Task<Stream> OpenAsync(string? environment) => await _target.OpenAsync(
        await GetAsync(StreamingTarget.Path, connection: environment is null ? "cluster" : $"cluster@{environment}"));

    private async Task<AuditRecordEntity> FailedAsync()
    {
        AuditRecordEntity? failed = null;
        await Eventually.BecomesTrueAsync(
            async () => (failed = (await AuditAsync()).SingleOrDefault(record => record.Outcome == AuditOutcome.Failed)) is not null,
            "the abort is recorded", cancellationToken: Cancelled);
        return failed!;
    }
}

public sealed class EnvironmentAbortTestsOnSqlite(TunnelsOnSqlite shared) : EnvironmentAbortTests(shared), IClassFixture<TunnelsOnSqlite>;

public sealed class EnvironmentAbortTestsOnPostgreSql(TunnelsOnPostgreSql shared) : EnvironmentAbortTests(shared), IClassFixture<TunnelsOnPostgreSql>;
