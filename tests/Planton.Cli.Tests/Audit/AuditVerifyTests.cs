using Planton.Api.Audit;
using Planton.Api.Errors;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Audit;

public sealed class AuditVerifyTests : IDisposable
{
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenTheTrailIsSound_ItsHeadIsShown()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("POST", AuditSamples.Verify, new AuditVerification(42, true, null, null, "abc123"));
        _cli.Using(server).Variables.Remove("PLANTON_ORG");

        var result = await _cli.RunAsync("audit", "verify");

        Assert.Equal((0, "OK    RECORDS   FIRST BAD   HEAD\nyes   42                    abc123\n", ""), (result.ExitCode, result.Out, result.Error));
        Assert.Contains("\"head\": \"abc123\"", (await _cli.RunAsync("audit", "verify", "-o", "json")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenARecordIsNotAsItWasWritten_ItIsNamedAndTheExitCodeIs1()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("POST", AuditSamples.Verify, new AuditVerification(6, false, 7, "its hash does not fit it", null));

        var result = await _cli.Using(server).RunAsync("audit", "verify");

        Assert.Equal((1, "OK   RECORDS   FIRST BAD   HEAD\nno   6         7\n"), (result.ExitCode, result.Out));
        Assert.StartsWith("Error: the audit trail is not as it was written: record 7: its hash does not fit it\nHint: ", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await _cli.RunAsync("audit", "verify", "-o", "json")).ExitCode);
    }

    [Fact]
    public async Task WhenTheHeadIsGone_NoRecordIsNamed()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("POST", AuditSamples.Verify, new AuditVerification(0, false, null, "the head of the trail is missing", null));

        Assert.StartsWith("Error: the audit trail is not as it was written: the head", (await _cli.Using(server).RunAsync("audit", "verify")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenItIsRefused_TheExitCodeIs4()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("POST", AuditSamples.Verify, ErrorCode.PermissionDenied, "ada may not see the audit trail of the platform", "It takes the platform operator.");

        Assert.Equal(4, (await _cli.Using(server).RunAsync("audit", "verify")).ExitCode);
    }

    public void Dispose() => _cli.Dispose();
}
