using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;
using Planton.Server.Tests.Routing;

namespace Planton.Server.Tests.RunnerGrants;

/// <summary>An operation in flight at a platform runner ends within a second after the grant that it ran by.</summary>
public abstract class RevokedGrantTests : PlatformRunnerTest
{
    private readonly StreamingTarget _target = new();

    protected RevokedGrantTests(SharedServer shared)
        : base(shared) => Target = _target.StreamAsync;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ItsStreamsEnd_AndNoOthers_AndThatIsRecorded(bool here)
    {
        await CreateConnectionAsync("open", null);
        await CreateConnectionAsync("staging", null, "staging");
        await CreateInlineAsync("own");
        var grant = await GrantAsync();
        await GrantAsync("staging");
        await GrantInlineAsync("10.20.0.0/16");
        using var stream = await OpenAsync("open");
        using var staging = await OpenAsync("staging");
        using var own = await OpenAsync("own");

        var began = TimeProvider.System.GetTimestamp();
        if (here)
            await Admin.RevokeRunnerGrantAsync(Shared, grant.Id, Cancellation);
        else
            await Server.QueryAsync(context => context.RunnerGrants.Where(stored => stored.Id == grant.Id).ExecuteDeleteAsync(Cancellation));

        await _target.AssertCutAsync(stream, began);
        await StreamingTarget.AssertGoesOnAsync(staging);
        await StreamingTarget.AssertGoesOnAsync(own);
        await Eventually.BecomesTrueAsync(
            async () => (await AuditAsync()).SingleOrDefault(record => record.Outcome == AuditOutcome.Failed) is { Code: ErrorCode.RunnerNotGranted },
            "the abort is recorded", cancellationToken: Cancellation);
        using var after = await GetAsync("/api", "open");
        await MessageAsync(after, ErrorCode.RunnerNotGranted, 403);
    }

    [Fact]
    public async Task OfSeveralInlineGrants_EachEndsWhatMayHaveUsedItsRanges_AndAnEqualOneKeepsIt()
    {
        await CreateInlineAsync("own");
        var both = await GrantInlineAsync("10.20.0.0/16", "192.0.2.0/24");
        var one = await GrantInlineAsync("10.20.0.0/16");
        using var stream = await OpenAsync("own");

        await Admin.RevokeRunnerGrantAsync(Shared, one.Id, Cancellation);
        await StreamingTarget.AssertGoesOnAsync(stream);
        await GrantInlineAsync("10.20.0.0/16");
        var began = TimeProvider.System.GetTimestamp();
        await Admin.RevokeRunnerGrantAsync(Shared, both.Id, Cancellation);

        await _target.AssertCutAsync(stream, began);
    }

    [Fact]
    public async Task AConnectionTestInFlight_EndsToo()
    {
        await CreateConnectionAsync("open", null);
        var grant = await GrantAsync();
        Target = async context =>
        {
            _target.Begun.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };
        var test = Expect.ProblemAsync(ErrorCode.RunnerNotGranted, () => Admin.TestConnectionAsync(Org, "open", Cancellation));
        await _target.WaitForBeginAsync();

        var clock = Stopwatch.StartNew();
        await Admin.RevokeRunnerGrantAsync(Shared, grant.Id, Cancellation);
        var problem = await test;

        Assert.InRange(clock.ElapsedMilliseconds, 0, 1_000);
        Assert.StartsWith("the operation was cut: the grant", problem.Detail, StringComparison.Ordinal);
    }

    private async Task<Stream> OpenAsync(string connection) => await _target.OpenAsync(await GetAsync(StreamingTarget.Path, connection));
}

public sealed class RevokedGrantTestsOnSqlite(RoutingOnSqlite shared) : RevokedGrantTests(shared), IClassFixture<RoutingOnSqlite>;

public sealed class RevokedGrantTestsOnPostgreSql(RoutingOnPostgreSql shared) : RevokedGrantTests(shared), IClassFixture<RoutingOnPostgreSql>;
