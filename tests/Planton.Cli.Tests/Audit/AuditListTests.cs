using System.Text.Json;
using Planton.Api;
using Planton.Api.Audit;
using Planton.Api.Errors;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Audit;

public sealed class AuditListTests : IDisposable
{
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenListed_WhoAskedWhatAndWhatBecameOfItIsShown_NewestFirst()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", AuditSamples.OfOrganization, new AuditPage([AuditSamples.Denied(2), AuditSamples.Record(1)], null));

        var result = await _cli.Using(server).RunAsync("audit", "list");

        Assert.Equal(
            """
            TIME                   OUTCOME   ACTOR      ACTION              RESOURCE          SOURCE      OPERATION   DETAIL
            2026-03-04T05:08:07Z   denied    user/ada   runner.delete       runner/prod                   op-2        permission_denied: ada is viewer
            2026-03-04T05:07:07Z   allowed   user/ada   connection.create   connection/prod   192.0.2.7   op-1

            """,
            result.Out);
        Assert.Equal("?limit=100", Assert.Single(server.Requests).Query);
    }

    [Fact]
    public async Task WhenFiltersAreGiven_TheServerIsAskedForThem()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", AuditSamples.OfOrganization, new AuditPage([], null));

        var result = await _cli.Using(server).RunAsync(
            "audit", "list", "--since", "90m", "--until", "2026-03-04T05:00Z", "--action", "runner.*", "--actor", "ada", "--outcome", "denied", "--operation", "op-7", "--limit", "3");

        Assert.Equal(0, result.ExitCode);
        var query = Uri.UnescapeDataString(Assert.Single(server.Requests).Query);
        Assert.Equal(
            "?limit=3&action=runner.*&actor=ada&outcome=denied&operationId=op-7&since=2026-03-04T03:36:07.0000000+00:00&until=2026-03-04T05:00:00.0000000+00:00",
            query);
    }

    [Theory]
    [InlineData("2026-03-04", "2026-03-04T00:00:00")]
    [InlineData("2026-03-04T05:06:07", "2026-03-04T05:06:07")]
    [InlineData("2026-03-04T05:06:07+02:00", "2026-03-04T03:06:07")]
    [InlineData("2d", "2026-03-02T05:06:07")]
    public async Task WhenATimeHasNoZone_ItIsUtc(string written, string asked)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", AuditSamples.OfOrganization, new AuditPage([], null));

        await _cli.Using(server).RunAsync("audit", "list", "--since", written);

        Assert.EndsWith($"&since={asked}.0000000+00:00", Uri.UnescapeDataString(Assert.Single(server.Requests).Query), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--since", "yesterday")]
    [InlineData("--until", "04/03/2026")]
    [InlineData("--limit", "0")]
    [InlineData("--limit", "many")]
    [InlineData("--limit", "10001")]
    [InlineData("--outcome", "fine")]
    [InlineData("-o", "name")]
    public async Task WhenAFilterIsNone_NothingIsAsked(string option, string value)
    {
        await using var server = await FakeControlPlane.StartAsync();

        var result = await _cli.Using(server).RunAsync("audit", "list", option, value);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Hint: planton audit list --help", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", result.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task WhenMoreIsAskedForThanAPageHolds_ThePagesArePutTogether()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", AuditSamples.OfOrganization, context => context.Response.WriteAsJson(JsonSerializer.Serialize(
            context.Request.Query["before"].Count == 0 ? AuditSamples.Page(1500, 501, 501) : AuditSamples.Page(500, 301, 301),
            PlantonJson.Default.AuditPage)));

        var result = await _cli.Using(server).RunAsync("audit", "list", "--limit", "1200", "-o", "json");

        var page = JsonSerializer.Deserialize(result.Out, PlantonJson.Default.AuditPage)!;
        Assert.Equal(Enumerable.Range(301, 1200).Reverse(), page.Items.Select(record => (int)record.Sequence));
        Assert.Equal(301, page.Next);
        Assert.Equal(["?limit=1000", "?limit=200&before=501"], server.Requests.Select(request => request.Query));
    }

    [Fact]
    public async Task WhenThePlatformIsMeant_NoOrganizationIsNeeded()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", AuditSamples.OfPlatform, new AuditPage([AuditSamples.Record(1)], null));
        _cli.Using(server).Variables.Remove("PLANTON_ORG");

        Assert.Contains("op-1", (await _cli.RunAsync("audit", "list", "--platform", "-o", "yaml")).Out, StringComparison.Ordinal);
        Assert.Contains("no organization is chosen", (await _cli.RunAsync("audit", "list")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenARecordCarriesEscapeSequences_TheTableDoesNotObeyThem()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", AuditSamples.OfOrganization, new AuditPage([AuditSamples.Record(1) with { Resource = "connection/\u001b[2J" }], null));

        Assert.Contains("connection/\\u001b[2J", (await _cli.Using(server).RunAsync("audit", "list")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCode.PermissionDenied, 4)]
    [InlineData(ErrorCode.OrganizationNotFound, 3)]
    public async Task WhenItIsRefused_TheReasonIsSaid(string code, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", AuditSamples.OfOrganization, code, "no");

        foreach (var more in (string[][])[[], ["--follow"]])
            Assert.Equal((exitCode, "Error: no\n"), await RefusalAsync(server, more));
    }

    public void Dispose() => _cli.Dispose();

    private async Task<(int ExitCode, string Error)> RefusalAsync(FakeControlPlane server, string[] more)
    {
        var result = await _cli.Using(server).RunAsync(["audit", "list", .. more]);
        return (result.ExitCode, result.Error);
    }
}
