using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.RunnerGrants;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.RunnerGrants;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.RunnerGrants;

/// <summary>Making, listing and revoking grants. What they allow is in <see cref="UngrantedRunnerTests"/>.</summary>
public abstract class RunnerGrantTests(SharedServer shared) : SharedServerTest(shared)
{
    private string _shared = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _shared = UniqueName("shared");
        await Admin.RegisterRunnerAsync(null, _shared, Cancellation);
    }

    [Fact]
    public async Task AGrantIsListedAsItWasMade_AndRevokedOnce()
    {
        var (other, _) = await NewOrganizationAsync("another");
        var bare = await GrantAsync(new() { Organization = Org });
        var contexts = await GrantAsync(new() { Organization = Org, Mode = "runner", KubeContexts = ["b", "a", "b"] });
        var inline = await GrantAsync(new() { Organization = other, Mode = "inline", AllowCidrs = ["192.0.2.0/24", "FD12::/32", "10.0.0.5/32", "192.0.2.0/24"] });

        Assert.Equal((_shared, Org, "runner", "admin"), (bare.Runner, bare.Organization, bare.Mode, bare.CreatedBy!.Name));
        Assert.Empty(bare.KubeContexts);
        Assert.Equal(["a", "b"], contexts.KubeContexts);
        Assert.Equal(["10.0.0.5/32", "192.0.2.0/24", "fd12::/32"], inline.AllowCidrs);
        var listed = (await Admin.ListRunnerGrantsAsync(_shared, Cancellation)).Items;
        Assert.Equal([inline.Id, bare.Id, contexts.Id], listed.Select(grant => grant.Id));
        Assert.Equivalent(new[] { inline, bare, contexts }, listed, strict: true);

        await Admin.RevokeRunnerGrantAsync(_shared, bare.Id, Cancellation);

        Assert.Equal(2, (await Admin.ListRunnerGrantsAsync(_shared, Cancellation)).Items.Count);
        var gone = await Expect.ProblemAsync(ErrorCode.NotFound, () => Admin.RevokeRunnerGrantAsync(_shared, bare.Id, Cancellation));
        Assert.Contains($"planton runner grants {_shared}", gone.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryFaultIsToldByField()
    {
        await FaultAsync(new(), "organization");
        await FaultAsync(new() { Organization = Org, Mode = "all" }, "mode");
        await FaultAsync(new() { Organization = Org, KubeContexts = [""] }, "kubeContexts");
        await FaultAsync(new() { Organization = Org, KubeContexts = ["a\nb"] }, "kubeContexts");
        await FaultAsync(new() { Organization = Org, KubeContexts = [null!] }, "kubeContexts");
        await FaultAsync(new() { Organization = Org, KubeContexts = [.. Enumerable.Range(0, 17).Select(n => $"c{n}")] }, "kubeContexts");
        await FaultAsync(new() { Organization = Org, AllowCidrs = ["10.0.0.0/8"] }, "allowCidrs");
        await FaultAsync(new() { Organization = Org, Mode = "inline", KubeContexts = ["a"], AllowCidrs = ["10.0.0.0/8"] }, "kubeContexts");
        await FaultAsync(new() { Organization = Org, Mode = "inline", AllowCidrs = [.. Enumerable.Range(0, 17).Select(n => $"10.{n}.0.0/16")] }, "allowCidrs");
        var missing = await FaultAsync(new() { Organization = Org, Mode = "inline" }, "allowCidrs");
        Assert.Contains("give one, such as 10.20.0.0/16", missing.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("example.com/8")]
    [InlineData("::ffff:10.0.0.0/104")]
    [InlineData("fe80::1%1/128")]
    [InlineData("10.0.0.0/8,192.0.2.0/24")]
    [InlineData("")]
    [InlineData(null)]
    public Task WhatIsNoRangeIsRefused(string? range) =>
        FaultAsync(new() { Organization = Org, Mode = "inline", AllowCidrs = [range!] }, "allowCidrs");

    [Fact]
    public async Task AnUnknownRunnerAndAnUnknownOrganization_AreToldWithNearMisses()
    {
        await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Admin.GrantRunnerAsync(UniqueName("nobody"), new() { Organization = Org }, Cancellation));
        await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Admin.ListRunnerGrantsAsync(UniqueName("nobody"), Cancellation));
        await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Admin.RevokeRunnerGrantAsync(UniqueName("nobody"), "id", Cancellation));
        // An organization's runner serves that organization, and no other.
        await Admin.RegisterRunnerAsync(Org, "own", Cancellation);
        await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Admin.GrantRunnerAsync("own", new() { Organization = Org }, Cancellation));
        var (acme, _) = await NewOrganizationAsync("nearby");
        var problem = await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => Admin.GrantRunnerAsync(_shared, new() { Organization = acme + "x" }, Cancellation));
        Assert.Contains($"Did you mean {acme}", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSameAgain_AndTooMany_AreRefused()
    {
        var first = await GrantAsync(new() { Organization = Org, KubeContexts = ["a", "b"] });
        var same = await Expect.ProblemAsync(ErrorCode.AlreadyExists, () => GrantAsync(new() { Organization = Org, Mode = "runner", KubeContexts = ["b", "a"] }));
        Assert.Contains(first.Id, same.Detail, StringComparison.Ordinal);
        for (var number = 1; number < RunnerGrantService.MaxOfOrganization; number++)
            await GrantAsync(new() { Organization = Org, KubeContexts = [number.ToString(CultureInfo.InvariantCulture)] });
        await Expect.ProblemAsync(ErrorCode.Conflict, () => GrantAsync(new() { Organization = Org }));
        var (other, _) = await NewOrganizationAsync("other");
        await GrantAsync(new() { Organization = other });
    }

    [Fact]
    public async Task AGrantGoesWithItsRunner_AndWithItsOrganization()
    {
        var (other, _) = await NewOrganizationAsync("other");
        await GrantAsync(new() { Organization = other });
        var kept = await GrantAsync(new() { Organization = Org });
        await Admin.DeleteOrganizationAsync(other, Cancellation);
        Assert.Equal(kept.Id, Assert.Single((await Admin.ListRunnerGrantsAsync(_shared, Cancellation)).Items).Id);
        await Admin.DeleteRunnerAsync(null, _shared, Cancellation);
        Assert.Equal(0, await Server.QueryAsync(context => context.RunnerGrants.CountAsync(grant => grant.OrganizationId == OrgId, Cancellation)));
        // One of the same name later begins without any.
        await Admin.RegisterRunnerAsync(null, _shared, Cancellation);
        Assert.Empty((await Admin.ListRunnerGrantsAsync(_shared, Cancellation)).Items);
    }

    [Fact]
    public async Task TheyAreRecorded_AndSoIsTheRefusalOfWhoIsNoOperator()
    {
        var kim = Server.Client(await AddUserAsync(RoleName.Owner));
        var grant = await GrantAsync(new() { Organization = Org, Mode = "inline", AllowCidrs = ["10.0.0.0/8"] });
        var problem = await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.GrantRunnerAsync(_shared, new() { Organization = Org }, Cancellation));
        Assert.Contains("platform operator", problem.Hint, StringComparison.Ordinal);
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.ListRunnerGrantsAsync(_shared, Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.RevokeRunnerGrantAsync(_shared, grant.Id, Cancellation));
        await Admin.RevokeRunnerGrantAsync(_shared, grant.Id, Cancellation);

        var records = await Server.QueryAsync(context => context.AuditRecords.Where(record => record.Resource == $"platform/runner/{_shared}" && record.Action.Contains("grant"))
            .OrderBy(record => record.Sequence).ToListAsync(Cancellation));
        Assert.Equal(
            [
                (AuditAction.GrantRunner, AuditOutcome.Allowed), (AuditAction.GrantRunner, AuditOutcome.Denied), ("runner.list-grants", AuditOutcome.Denied),
                (AuditAction.RevokeRunnerGrant, AuditOutcome.Denied), (AuditAction.RevokeRunnerGrant, AuditOutcome.Allowed),
            ],
            records.Select(record => (record.Action, record.Outcome)));
        Assert.Equal($"grant {grant.Id} to organization {Org}: inline, 10.0.0.0/8", records[0].Detail);
        Assert.Contains(grant.Id, records[^1].Detail, StringComparison.Ordinal);
        // What is granted where is the platform's business, and no organization's record.
        Assert.All(records, record => Assert.Null(record.OrganizationId));
    }

    private Task<RunnerGrant> GrantAsync(CreateRunnerGrantRequest request) => Admin.GrantRunnerAsync(_shared, request, Cancellation);

    private async Task<Problem> FaultAsync(CreateRunnerGrantRequest request, string field)
    {
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => GrantAsync(request));
        Assert.Equal(field, Assert.Single(problem.Errors!).Key);
        return problem;
    }
}

public sealed class RunnerGrantTestsOnSqlite(OnSqlite shared) : RunnerGrantTests(shared), IClassFixture<OnSqlite>;

public sealed class RunnerGrantTestsOnPostgreSql(OnPostgreSql shared) : RunnerGrantTests(shared), IClassFixture<OnPostgreSql>;
