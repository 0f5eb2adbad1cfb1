using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Planton.Api;
using Planton.Api.Audit;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Audit;

public sealed class AuditFollowTests : IDisposable
{
    private readonly CliHarness _cli = new() { Clock = TimeProvider.System };

    [Fact]
    public async Task WhenFollowed_WhatIsRecordedLaterIsPrintedOnce_OneJsonObjectALine_UntilInterrupted()
    {
        await using var server = await StartAsync();
        using var interruption = new CancellationTokenSource();
        var output = new SignalWriter();

        var running = _cli.Using(server).RunAsync(output, TextWriter.Null, interruption.Token, "audit", "list", "--follow", "--actor", "ada", "-o", "json");
        await output.WaitForAsync("op-4");
        await interruption.CancelAsync();

        Assert.Equal(130, await running);
        var lines = output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([1L, 2, 3, 4], lines.Select(line => JsonSerializer.Deserialize(line, PlantonJson.Default.AuditRecord)!.Sequence));
        Assert.Equal(["?limit=100&actor=ada", "?limit=1000&after=2&actor=ada", "?limit=1000&after=3&actor=ada"], server.Requests.Take(3).Select(request => request.Query));
    }

    [Fact]
    public async Task WhenFollowedAsATable_TheHeadersComeOnce_AndEachRecordIsARow()
    {
        await using var server = await StartAsync();
        using var interruption = new CancellationTokenSource();
        var output = new SignalWriter();

        var running = _cli.Using(server).RunAsync(output, TextWriter.Null, interruption.Token, "audit", "list", "-f");
        await output.WaitForAsync("op-4");
        await interruption.CancelAsync();
        await running;

        var lines = output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.StartsWith("TIME                   OUTCOME", lines[0], StringComparison.Ordinal);
        Assert.Equal("2026-03-04T05:07:07Z   allowed   user/ada   connection.create   connection/prod   192.0.2.7   op-1", lines[1]);
    }

    [Fact]
    public async Task WhenTheServerIsAwayForAWhile_ThatIsSaidOnceAndNothingIsMissed()
    {
        await using var server = await StartAsync(failures: 2);
        using var interruption = new CancellationTokenSource();
        var (output, error) = (new SignalWriter(), new SignalWriter());

        var running = _cli.Using(server).RunAsync(output, error, interruption.Token, "audit", "list", "-f", "-o", "yaml");
        await output.WaitForAsync("op-4");
        await interruption.CancelAsync();
        await running;

        Assert.Equal("The server cannot be reached; trying again until it can.\n", error.Text);
        Assert.Equal(4, output.Text.Split("---\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task WhenAnEndIsGiven_FollowingIsRefused()
    {
        await using var server = await FakeControlPlane.StartAsync();

        var result = await _cli.Using(server).RunAsync("audit", "list", "--follow", "--until", "1h");

        Assert.Equal(2, result.ExitCode);
        Assert.Empty(server.Requests);
    }

    public void Dispose() => _cli.Dispose();

    /// <summary>Records 1 and 2 are there, and one more at each further question.</summary>
    private static async Task<FakeControlPlane> StartAsync(int failures = 0)
    {
        var server = await FakeControlPlane.StartAsync();
        return server.On("GET", AuditSamples.OfOrganization, async context =>
        {
            if (context.Request.Query["after"] is not [{ } after])
            {
                await AnswerAsync(context, AuditSamples.Page(2, 1));
                return;
            }

            if (failures-- > 0)
            {
                context.Abort();
                return;
            }

            var last = long.Parse(after, System.Globalization.CultureInfo.InvariantCulture);
            await AnswerAsync(context, AuditSamples.Page(last + 1, last + 1, last + 1));
        });
    }

    private static Task AnswerAsync(HttpContext context, AuditPage page) =>
        context.Response.WriteAsJson(JsonSerializer.Serialize(page, PlantonJson.Default.AuditPage));
}
