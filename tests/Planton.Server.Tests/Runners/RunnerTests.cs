using Planton.Api.Errors;
using Planton.Api.Runners;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Runners;

public abstract class RunnerTests(SharedServer shared) : SharedServerTest(shared)
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task ARegisteredRunnerHasNeverConnectedAndHasNoCredentials()
    {
        var made = await Admin.RegisterRunnerAsync(Org, "prod", Cancellation);
        Assert.Equal(("prod", Org, RunnerStatus.NeverConnected, 0), (made.Name, made.Organization, made.Status, made.ValidCredentials));
        Assert.Null(made.StatusSince);
        Assert.Equal(7, Guid.Parse(made.Id).Version);
        Assert.Equivalent(made, await Admin.GetRunnerAsync(Org, "prod", Cancellation), strict: true);
    }

    [Fact]
    public async Task ANameIsTakenOnceInAnOrganization_AndMayRepeatInAnother()
    {
        var (acme, _) = await NewOrganizationAsync("acme");
        var name = UniqueName("prod");
        string?[] places = [Org, acme, null];
        foreach (var org in places)
            await Admin.RegisterRunnerAsync(org, name, Cancellation);
        foreach (var org in places)
        {
            var problem = await Expect.ProblemAsync(ErrorCode.AlreadyExists, () => Admin.RegisterRunnerAsync(org, name, Cancellation));
            Assert.Contains(org ?? "the platform", problem.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ListsAreByName_AndHoldThePlatformsOnlyWhenAsked()
    {
        foreach (var name in new[] { "b", "a", "c" })
            await Admin.RegisterRunnerAsync(Org, name, Cancellation);
        // Sorts after c.
        var shared = UniqueName("shared");
        await Admin.RegisterRunnerAsync(null, shared, Cancellation);
        var (acme, _) = await NewOrganizationAsync("acme");
        await Admin.RegisterRunnerAsync(acme, "foreign", Cancellation);
        Assert.Equal(["a", "b", "c"], await NamesAsync(Org, false));
        // With the platform runners of the class's other tests.
        var ofPlatform = await NamesAsync(null, false);
        Assert.Contains(shared, ofPlatform);
        Assert.Equal(ofPlatform.Order(StringComparer.Ordinal), ofPlatform);
        Assert.Equal(["a", "b", "c", .. ofPlatform], await NamesAsync(Org, true));
        var all = await Admin.ListRunnersAsync(Org, true, Cancellation);
        Assert.Equal([Org, Org, Org, .. ofPlatform.Select(_ => (string?)null)], all.Items.Select(runner => runner.Organization));

        async Task<List<string>> NamesAsync(string? org, bool platform) =>
            [.. (await Admin.ListRunnersAsync(org, platform, Cancellation)).Items.Select(runner => runner.Name)];
    }

    [Fact]
    public async Task AnUnknownRunnerIs404WithTheNameThePlaceAndNearMisses()
    {
        await Admin.RegisterRunnerAsync(Org, "prod-runner", Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Admin.GetRunnerAsync(Org, "prd-runner", Cancellation));
        Assert.Contains($"organization \"{Org}\" has no runner \"prd-runner\"", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("Did you mean prod-runner?", problem.Hint, StringComparison.Ordinal);
        problem = await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Admin.GetRunnerAsync(null, "prod-runner", Cancellation));
        Assert.Contains("the platform has no runner", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("planton runner list --platform", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlatformRunnersAreSeenByAllAndManagedByTheOperatorAlone()
    {
        var shared = UniqueName("shared");
        await Admin.RegisterRunnerAsync(null, shared, Cancellation);
        var kim = Server.Client(await AddUserAsync(RoleName.Owner));
        Assert.Equal(shared, (await kim.GetRunnerAsync(null, shared, Cancellation)).Name);
        var problem = await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.RegisterRunnerAsync(null, UniqueName("mine"), Cancellation));
        Assert.Contains("platform operator", problem.Hint, StringComparison.Ordinal);
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.GenerateCredentialsAsync(null, shared, Cancellation));
    }

    [Theory]
    [InlineData(RoleName.Viewer, false)]
    [InlineData(RoleName.Member, false)]
    [InlineData(RoleName.Admin, true)]
    [InlineData(RoleName.Owner, true)]
    public async Task RegisteringTakesAnAdmin(string role, bool allowed)
    {
        var kim = Server.Client(await AddUserAsync(role));
        if (allowed)
            Assert.Equal("prod", (await kim.RegisterRunnerAsync(Org, "prod", Cancellation)).Name);
        else
            await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.RegisterRunnerAsync(Org, "prod", Cancellation));
        Assert.Equal(allowed ? 1 : 0, (await kim.ListRunnersAsync(Org, cancellationToken: Cancellation)).Items.Count);
    }

    [Fact]
    public async Task LiveTunnelsDecideTheStatus()
    {
        var id = (await Admin.RegisterRunnerAsync(Org, "prod", Cancellation)).Id;
        Server.Presence.Set(id, Tunnel("1", "ready", Noon.AddMinutes(1)), Tunnel("2", "draining", Noon));
        var runner = await Admin.GetRunnerAsync(Org, "prod", Cancellation);
        Assert.Equal((RunnerStatus.Connected, Noon), (runner.Status, runner.StatusSince));
        Assert.Equal(["1", "2"], runner.Tunnels.Select(tunnel => tunnel.Id));
        Assert.Equal(("1.2.3", "10.0.0.1:5000"), (runner.Version, runner.Address));
        Server.Presence.Set(id, Tunnel("2", "draining", Noon));
        runner = await Admin.GetRunnerAsync(Org, "prod", Cancellation);
        Assert.Equal(RunnerStatus.Draining, runner.Status);
    }

    [Fact]
    public async Task ALostRunnerTellsSinceWhenAndWhereItWasLastSeen()
    {
        var id = (await Admin.RegisterRunnerAsync(Org, "prod", Cancellation)).Id;
        await Server.QueryAsync(async context =>
        {
            var stored = (await context.Runners.FindAsync([id], Cancellation))!;
            (stored.ConnectedSince, stored.DisconnectedAt) = (Noon, Noon.AddHours(1));
            (stored.LastAddress, stored.LastVersion) = ("10.0.0.9:1", "9.9.9");
            return await context.SaveChangesAsync(Cancellation);
        });
        var runner = await Admin.GetRunnerAsync(Org, "prod", Cancellation);
        Assert.Equal((RunnerStatus.Disconnected, Noon.AddHours(1)), (runner.Status, runner.StatusSince));
        Assert.Equal(("9.9.9", "10.0.0.9:1"), (runner.Version, runner.Address));
    }

    [Fact]
    public async Task WhenTheServerWasKilled_WhatWasLastSeenIsSaid()
    {
        var id = (await Admin.RegisterRunnerAsync(Org, "prod", Cancellation)).Id;
        await Server.QueryAsync(async context =>
        {
            var stored = (await context.Runners.FindAsync([id], Cancellation))!;
            (stored.ConnectedSince, stored.LastSeenAt) = (Noon, Noon.AddMinutes(5));
            return await context.SaveChangesAsync(Cancellation);
        });
        var runner = await Admin.GetRunnerAsync(Org, "prod", Cancellation);
        Assert.Equal((RunnerStatus.Disconnected, Noon.AddMinutes(5)), (runner.Status, runner.StatusSince));
    }

    private static RunnerTunnel Tunnel(string id, string state, DateTimeOffset connectedAt) => new()
    {
        Id = id, InstanceId = "i" + id, State = state, ConnectedAt = connectedAt, Address = "10.0.0.1:5000", Version = "1.2.3",
    };
}

public sealed class RunnerTestsOnSqlite(OnSqlite shared) : RunnerTests(shared), IClassFixture<OnSqlite>;

public sealed class RunnerTestsOnPostgreSql(OnPostgreSql shared) : RunnerTests(shared), IClassFixture<OnPostgreSql>;
