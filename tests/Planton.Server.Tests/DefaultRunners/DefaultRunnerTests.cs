using Microsoft.EntityFrameworkCore;
using Planton.Api.DefaultRunners;
using Planton.Api.Errors;
using Planton.Api.Routing;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.DefaultRunners;

public sealed class DefaultRunnerTests : IAsyncLifetime
{
    private ServerFixture _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerFixture.StartAsync();
        await _server.Admin.RegisterRunnerAsync("default", "own", Cancellation);
        await _server.Admin.RegisterRunnerAsync(null, "shared", Cancellation);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task TheOrganizationsDefaultWins_AndThePlatformsTakesOverWhenItIsUnset()
    {
        var none = new DefaultRunner(null, null, null);
        var platform = new EffectiveDefaultRunner("shared", RouteLevelName.Platform);
        var own = new EffectiveDefaultRunner("own", RouteLevelName.Organization);
        Assert.Equal(none, await _server.Admin.GetDefaultRunnerAsync("default", Cancellation));
        Assert.Equal(none, await _server.Admin.GetDefaultRunnerAsync(null, Cancellation));

        Assert.Equal(new DefaultRunner(platform, null, "shared"), await _server.Admin.SetDefaultRunnerAsync(null, "shared", Cancellation));
        Assert.Equal(new DefaultRunner(platform, null, "shared"), await _server.Admin.GetDefaultRunnerAsync("default", Cancellation));
        Assert.Equal(new DefaultRunner(own, "own", "shared"), await _server.Admin.SetDefaultRunnerAsync("default", "own", Cancellation));
        Assert.Equal(new DefaultRunner(own, "own", "shared"), await _server.Admin.GetDefaultRunnerAsync("default", Cancellation));
        Assert.Equal(new DefaultRunner(platform, null, "shared"), await _server.Admin.GetDefaultRunnerAsync(null, Cancellation));

        Assert.Equal(new DefaultRunner(platform, null, "shared"), await _server.Admin.UnsetDefaultRunnerAsync("default", Cancellation));
        Assert.Equal(none, await _server.Admin.UnsetDefaultRunnerAsync(null, Cancellation));
        Assert.Equal(none, await _server.Admin.UnsetDefaultRunnerAsync(null, Cancellation));
    }

    [Fact]
    public async Task AnotherOneTakesItsPlace()
    {
        await _server.Admin.RegisterRunnerAsync("default", "newer", Cancellation);
        await _server.Admin.SetDefaultRunnerAsync("default", "own", Cancellation);
        Assert.Equal("newer", (await _server.Admin.SetDefaultRunnerAsync("default", "newer", Cancellation)).Organization);
        Assert.Equal(1, await _server.QueryAsync(context => context.DefaultRunnerBindings.CountAsync(Cancellation)));
    }

    [Fact]
    public async Task OnlyARunnerOfThatVeryPlaceCanBeIt()
    {
        await _server.Admin.CreateOrganizationAsync("other", Cancellation);
        await _server.Admin.RegisterRunnerAsync("other", "theirs", Cancellation);
        await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => _server.Admin.SetDefaultRunnerAsync("default", "theirs", Cancellation));
        await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => _server.Admin.SetDefaultRunnerAsync("default", "shared", Cancellation));
        await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => _server.Admin.SetDefaultRunnerAsync(null, "own", Cancellation));
        var near = await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => _server.Admin.SetDefaultRunnerAsync("default", "owm", Cancellation));
        Assert.Contains("Did you mean own?", near.Hint, StringComparison.Ordinal);
        var invalid = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => _server.Admin.SetDefaultRunnerAsync("default", "No slug", Cancellation));
        Assert.True(invalid.Errors!.ContainsKey("runner"));
    }

    [Fact]
    public async Task ItGoesWithItsRunner_AndTheChangesAreRecorded()
    {
        await _server.Admin.SetDefaultRunnerAsync("default", "own", Cancellation);
        Assert.Equal([RouteLevelName.Organization], (await _server.Admin.GetRunnerImpactAsync("default", "own", Cancellation)).DefaultLevels);
        await _server.Admin.DeleteRunnerAsync("default", "own", Cancellation);
        Assert.Null((await _server.Admin.GetDefaultRunnerAsync("default", Cancellation)).Effective);
        await _server.Admin.SetDefaultRunnerAsync(null, "shared", Cancellation);
        await _server.Admin.UnsetDefaultRunnerAsync(null, Cancellation);
        Assert.Equal(
            ["runner.set-default runner/own", "runner.set-default platform/runner/shared", "runner.unset-default platform/runner/shared"],
            await _server.QueryAsync(context => context.AuditRecords
                .Where(record => record.Action == AuditAction.SetDefaultRunner || record.Action == AuditAction.UnsetDefaultRunner)
                .OrderBy(record => record.Sequence).Select(record => record.Action + " " + record.Resource).ToListAsync(Cancellation)));
    }
}
