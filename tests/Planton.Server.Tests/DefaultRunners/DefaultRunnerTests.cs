using Microsoft.EntityFrameworkCore;
using Planton.Api.DefaultRunners;
using Planton.Api.Errors;
using Planton.Api.Routing;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.DefaultRunners;

public abstract class DefaultRunnerTests(SharedServer shared) : SharedServerTest(shared)
{
    private string _shared = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _shared = UniqueName("shared");
        await Admin.RegisterRunnerAsync(Org, "own", Cancellation);
        await Admin.RegisterRunnerAsync(null, _shared, Cancellation);
    }

    /// <summary>The platform's default is the one thing that the tests of the class share.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (Admin is not null)
            await Admin.UnsetDefaultRunnerAsync(null, Cancellation);
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task TheOrganizationsDefaultWins_AndThePlatformsTakesOverWhenItIsUnset()
    {
        var none = new DefaultRunner(null, null, null);
        var platform = new EffectiveDefaultRunner(_shared, RouteLevelName.Platform);
        var own = new EffectiveDefaultRunner("own", RouteLevelName.Organization);
        Assert.Equal(none, await Admin.GetDefaultRunnerAsync(Org, Cancellation));
        Assert.Equal(none, await Admin.GetDefaultRunnerAsync(null, Cancellation));

        Assert.Equal(new DefaultRunner(platform, null, _shared), await Admin.SetDefaultRunnerAsync(null, _shared, Cancellation));
        Assert.Equal(new DefaultRunner(platform, null, _shared), await Admin.GetDefaultRunnerAsync(Org, Cancellation));
        Assert.Equal(new DefaultRunner(own, "own", _shared), await Admin.SetDefaultRunnerAsync(Org, "own", Cancellation));
        Assert.Equal(new DefaultRunner(own, "own", _shared), await Admin.GetDefaultRunnerAsync(Org, Cancellation));
        Assert.Equal(new DefaultRunner(platform, null, _shared), await Admin.GetDefaultRunnerAsync(null, Cancellation));

        Assert.Equal(new DefaultRunner(platform, null, _shared), await Admin.UnsetDefaultRunnerAsync(Org, Cancellation));
        Assert.Equal(none, await Admin.UnsetDefaultRunnerAsync(null, Cancellation));
        Assert.Equal(none, await Admin.UnsetDefaultRunnerAsync(null, Cancellation));
    }

    [Fact]
    public async Task AnotherOneTakesItsPlace()
    {
        await Admin.RegisterRunnerAsync(Org, "newer", Cancellation);
        await Admin.SetDefaultRunnerAsync(Org, "own", Cancellation);
        Assert.Equal("newer", (await Admin.SetDefaultRunnerAsync(Org, "newer", Cancellation)).Organization);
        Assert.Equal(1, await Server.QueryAsync(context => context.DefaultRunnerBindings.CountAsync(binding => binding.OrganizationId == OrgId, Cancellation)));
    }

    [Fact]
    public async Task OnlyARunnerOfThatVeryPlaceCanBeIt()
    {
        var (other, _) = await NewOrganizationAsync("other");
        await Admin.RegisterRunnerAsync(other, "theirs", Cancellation);
        await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Admin.SetDefaultRunnerAsync(Org, "theirs", Cancellation));
        await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Admin.SetDefaultRunnerAsync(Org, _shared, Cancellation));
        await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Admin.SetDefaultRunnerAsync(null, "own", Cancellation));
        var near = await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Admin.SetDefaultRunnerAsync(Org, "owm", Cancellation));
        Assert.Contains("Did you mean own?", near.Hint, StringComparison.Ordinal);
        var invalid = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => Admin.SetDefaultRunnerAsync(Org, "No slug", Cancellation));
        Assert.True(invalid.Errors!.ContainsKey("runner"));
    }

    [Fact]
    public async Task ItGoesWithItsRunner_AndTheChangesAreRecorded()
    {
        await Admin.SetDefaultRunnerAsync(Org, "own", Cancellation);
        Assert.Equal([RouteLevelName.Organization], (await Admin.GetRunnerImpactAsync(Org, "own", Cancellation)).DefaultLevels);
        await Admin.DeleteRunnerAsync(Org, "own", Cancellation);
        Assert.Null((await Admin.GetDefaultRunnerAsync(Org, Cancellation)).Effective);
        await Admin.SetDefaultRunnerAsync(null, _shared, Cancellation);
        await Admin.UnsetDefaultRunnerAsync(null, Cancellation);
        Assert.Equal(
            ["runner.set-default runner/own", $"runner.set-default platform/runner/{_shared}", $"runner.unset-default platform/runner/{_shared}"],
            await Server.QueryAsync(context => context.AuditRecords
                .Where(record => record.Action == AuditAction.SetDefaultRunner || record.Action == AuditAction.UnsetDefaultRunner)
                .Where(record => record.OrganizationId == OrgId || record.Resource == "platform/runner/" + _shared)
                .OrderBy(record => record.Sequence).Select(record => record.Action + " " + record.Resource).ToListAsync(Cancellation)));
    }
}

public sealed class DefaultRunnerTestsOnSqlite(OnSqlite shared) : DefaultRunnerTests(shared), IClassFixture<OnSqlite>;

public sealed class DefaultRunnerTestsOnPostgreSql(OnPostgreSql shared) : DefaultRunnerTests(shared), IClassFixture<OnPostgreSql>;
