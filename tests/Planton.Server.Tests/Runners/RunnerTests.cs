using Planton.Api.Errors;
using Planton.Api.Runners;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Runners;

public sealed class RunnerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ARegisteredRunnerHasNeverConnectedAndHasNoCredentials()
    {
        await using var server = await ServerFixture.StartAsync();
        var made = await server.Admin.RegisterRunnerAsync("default", "prod", Cancellation);
        Assert.Equal(("prod", "default", RunnerStatus.NeverConnected, 0), (made.Name, made.Organization, made.Status, made.ValidCredentials));
        Assert.Null(made.StatusSince);
        Assert.Equal(7, Guid.Parse(made.Id).Version);
        Assert.Equivalent(made, await server.Admin.GetRunnerAsync("default", "prod", Cancellation), strict: true);
    }

    [Fact]
    public async Task ANameIsTakenOnceInAnOrganization_AndMayRepeatInAnother()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateOrganizationAsync("acme", Cancellation);
        await server.Admin.RegisterRunnerAsync("default", "prod", Cancellation);
        await server.Admin.RegisterRunnerAsync("acme", "prod", Cancellation);
        await server.Admin.RegisterRunnerAsync(null, "prod", Cancellation);
        foreach (var org in new[] { "default", "acme", null })
        {
            var problem = await Expect.ProblemAsync(ErrorCode.AlreadyExists, () => server.Admin.RegisterRunnerAsync(org, "prod", Cancellation));
            Assert.Contains(org ?? "the platform", problem.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ListsAreByName_AndHoldThePlatformsOnlyWhenAsked()
    {
        await using var server = await ServerFixture.StartAsync();
        foreach (var name in new[] { "b", "a", "c" })
            await server.Admin.RegisterRunnerAsync("default", name, Cancellation);
        await server.Admin.RegisterRunnerAsync(null, "shared", Cancellation);
        await server.Admin.CreateOrganizationAsync("acme", Cancellation);
        await server.Admin.RegisterRunnerAsync("acme", "foreign", Cancellation);
        Assert.Equal(["a", "b", "c"], await NamesAsync("default", false));
        Assert.Equal(["a", "b", "c", "shared"], await NamesAsync("default", true));
        Assert.Equal(["shared"], await NamesAsync(null, false));
        var all = await server.Admin.ListRunnersAsync("default", true, Cancellation);
        Assert.Equal(["default", "default", "default", null], all.Items.Select(runner => runner.Organization));

        async Task<IEnumerable<string>> NamesAsync(string? org, bool platform) =>
            (await server.Admin.ListRunnersAsync(org, platform, Cancellation)).Items.Select(runner => runner.Name);
    }

    [Fact]
    public async Task AnUnknownRunnerIs404WithTheNameThePlaceAndNearMisses()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.RegisterRunnerAsync("default", "prod-runner", Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => server.Admin.GetRunnerAsync("default", "prd-runner", Cancellation));
        Assert.Contains("organization \"default\" has no runner \"prd-runner\"", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("Did you mean prod-runner?", problem.Hint, StringComparison.Ordinal);
        problem = await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => server.Admin.GetRunnerAsync(null, "prod-runner", Cancellation));
        Assert.Contains("the platform has no runner", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("planton runner list --platform", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlatformRunnersAreSeenByAllAndManagedByTheOperatorAlone()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.RegisterRunnerAsync(null, "shared", Cancellation);
        var kim = server.Client(await server.AddUserAsync("kim", await server.DefaultOrganizationIdAsync(), RoleName.Owner));
        Assert.Equal("shared", (await kim.GetRunnerAsync(null, "shared", Cancellation)).Name);
        var problem = await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.RegisterRunnerAsync(null, "mine", Cancellation));
        Assert.Contains("platform operator", problem.Hint, StringComparison.Ordinal);
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.GenerateCredentialsAsync(null, "shared", Cancellation));
    }

    [Theory]
    [InlineData(RoleName.Viewer, false)]
    [InlineData(RoleName.Member, false)]
    [InlineData(RoleName.Admin, true)]
    [InlineData(RoleName.Owner, true)]
    public async Task RegisteringTakesAnAdmin(string role, bool allowed)
    {
        await using var server = await ServerFixture.StartAsync();
        var kim = server.Client(await server.AddUserAsync("kim", await server.DefaultOrganizationIdAsync(), role));
        if (allowed)
            Assert.Equal("prod", (await kim.RegisterRunnerAsync("default", "prod", Cancellation)).Name);
        else
            await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.RegisterRunnerAsync("default", "prod", Cancellation));
        Assert.Equal(allowed ? 1 : 0, (await kim.ListRunnersAsync("default", cancellationToken: Cancellation)).Items.Count);
    }

    [Fact]
    public async Task LiveTunnelsDecideTheStatus()
    {
        await using var server = await ServerFixture.StartAsync();
        var id = (await server.Admin.RegisterRunnerAsync("default", "prod", Cancellation)).Id;
        server.Presence.Set(id, Tunnel("1", "ready", Noon.AddMinutes(1)), Tunnel("2", "draining", Noon));
        var runner = await server.Admin.GetRunnerAsync("default", "prod", Cancellation);
        Assert.Equal((RunnerStatus.Connected, Noon), (runner.Status, runner.StatusSince));
        Assert.Equal(["1", "2"], runner.Tunnels.Select(tunnel => tunnel.Id));
        Assert.Equal(("1.2.3", "10.0.0.1:5000"), (runner.Version, runner.Address));
        server.Presence.Set(id, Tunnel("2", "draining", Noon));
        runner = await server.Admin.GetRunnerAsync("default", "prod", Cancellation);
        Assert.Equal(RunnerStatus.Draining, runner.Status);
    }

    [Fact]
    public async Task ALostRunnerTellsSinceWhenAndWhereItWasLastSeen()
    {
        await using var server = await ServerFixture.StartAsync();
        var id = (await server.Admin.RegisterRunnerAsync("default", "prod", Cancellation)).Id;
        await server.QueryAsync(async context =>
        {
            var stored = (await context.Runners.FindAsync([id], Cancellation))!;
            (stored.ConnectedSince, stored.DisconnectedAt) = (Noon, Noon.AddHours(1));
            (stored.LastAddress, stored.LastVersion) = ("10.0.0.9:1", "9.9.9");
            return await context.SaveChangesAsync(Cancellation);
        });
        var runner = await server.Admin.GetRunnerAsync("default", "prod", Cancellation);
        Assert.Equal((RunnerStatus.Disconnected, Noon.AddHours(1)), (runner.Status, runner.StatusSince));
        Assert.Equal(("9.9.9", "10.0.0.9:1"), (runner.Version, runner.Address));
    }

    [Fact]
    public async Task WhenTheServerWasKilled_WhatWasLastSeenIsSaid()
    {
        await using var server = await ServerFixture.StartAsync();
        var id = (await server.Admin.RegisterRunnerAsync("default", "prod", Cancellation)).Id;
        await server.QueryAsync(async context =>
        {
            var stored = (await context.Runners.FindAsync([id], Cancellation))!;
            (stored.ConnectedSince, stored.LastSeenAt) = (Noon, Noon.AddMinutes(5));
            return await context.SaveChangesAsync(Cancellation);
        });
        var runner = await server.Admin.GetRunnerAsync("default", "prod", Cancellation);
        Assert.Equal((RunnerStatus.Disconnected, Noon.AddMinutes(5)), (runner.Status, runner.StatusSince));
    }

    private static RunnerTunnel Tunnel(string id, string state, DateTimeOffset connectedAt) => new()
    {
        Id = id, InstanceId = "i" + id, State = state, ConnectedAt = connectedAt, Address = "10.0.0.1:5000", Version = "1.2.3",
    };
}
