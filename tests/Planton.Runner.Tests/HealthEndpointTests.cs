using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Planton.Api.Errors;
using Planton.Runner.Health;
using Planton.Runner.Operations;
using Planton.Tunnel.Runner;

namespace Planton.Runner.Tests;

public sealed class HealthEndpointTests
{
    private readonly OperationsGate _gate = new();
    private RenewalStatus? _renewal;
    private int _roundTrips;

    [Theory]
    [InlineData("GET", "/healthz/live", 200, "ok")]
    [InlineData("HEAD", "/healthz/live", 200, "ok")]
    [InlineData("GET", "/healthz/ready", 200, "ok")]
    [InlineData("POST", "/healthz/live", 405, "GET only")]
    [InlineData("DELETE", "/kubernetes/api", 405, "GET only")]
    [InlineData("GET", "/healthz", 404, "there are")]
    [InlineData("GET", "/healthz/live/", 404, "there are")]
    [InlineData("GET", "/HEALTHZ/LIVE", 404, "there are")]
    [InlineData("GET", "/kubernetes/api", 404, "there are")]
    [InlineData("GET", "/_planton/v1/link", 404, "there are")]
    public async Task ItAnswersThatAndNothingElse(string method, string path, int status, string text)
    {
        _gate.Open();
        var (answered, body, cache) = await AskAsync(method, path);
        Assert.Equal(status, answered);
        Assert.StartsWith(text, body, StringComparison.Ordinal);
        Assert.Equal("no-store", cache);
    }

    [Fact]
    public async Task LivenessAsksTheGatewayNothing()
    {
        _gate.Open();
        await AskAsync("GET", "/healthz/live");
        Assert.Equal(0, _roundTrips);
    }

    [Fact]
    public async Task ARunnerThatIsStartingIsAliveAndNotReady()
    {
        Assert.Equal(200, (await AskAsync("GET", "/healthz/live")).Status);
        Assert.Equal(503, (await AskAsync("GET", "/healthz/ready")).Status);
    }

    [Fact]
    public async Task TheRenewalOfTheCertificateIsTold_ApartFromReadiness()
    {
        _gate.Open();
        var end = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(503, (await AskAsync("GET", "/healthz/certificate")).Status);
        _renewal = new RenewalStatus(end, end.AddDays(-30), 0, null);
        var (status, body, _) = await AskAsync("GET", "/healthz/certificate");
        Assert.Equal((200, "the certificate ends at 2026-03-01 00:00:00Z; it is renewed at 2026-01-30 00:00:00Z\n"), (status, body));
        _renewal = _renewal with { Failures = 3, LastError = "the gateway did not answer" };
        (status, body, _) = await AskAsync("GET", "/healthz/certificate");
        Assert.Equal(503, status);
        Assert.Contains("3 attempt(s) failed, the last one because: the gateway did not answer", body, StringComparison.Ordinal);
        Assert.Equal(200, (await AskAsync("GET", "/healthz/ready")).Status);
    }

    [Theory]
    [InlineData(ErrorCode.RefusedByRunner, 403)]
    [InlineData(ErrorCode.TargetUnreachable, 502)]
    [InlineData(ErrorCode.Unavailable, 503)]
    [InlineData(ErrorCode.InvalidArgument, 400)]
    [InlineData(ErrorCode.NotFound, 404)]
    public void ARefusalIsAStatusAndTwoHeaders(string code, int status)
    {
        var context = new DefaultHttpContext();
        context.Response.Headers["X-Half-Done"] = "x";
        OperationError.Write(context, new OperationRefusal(code, "wörds, \r\nlines & 100 %"));
        Assert.Equal(status, context.Response.StatusCode);
        Assert.Equal(code, context.Response.Headers["Planton-Error"]);
        var detail = context.Response.Headers["Planton-Error-Detail"].ToString();
        Assert.Equal("wörds, \r\nlines & 100 %", Uri.UnescapeDataString(detail));
        Assert.All(detail, c => Assert.InRange(c, '!', '~'));
        Assert.False(context.Response.Headers.ContainsKey("X-Half-Done"));
    }

    [Fact]
    public void ALongDetailIsCutToWhatAHeaderMayHold()
    {
        var context = new DefaultHttpContext();
        OperationError.Write(context, new OperationRefusal(ErrorCode.TargetUnreachable, new string('é', 1499) + "😀" + new string('é', 9000)));
        var header = context.Response.Headers["Planton-Error-Detail"].ToString();
        Assert.InRange(header.Length, 1500, 16_000);
        Assert.EndsWith("…", Uri.UnescapeDataString(header), StringComparison.Ordinal);
    }

    private async Task<(int Status, string Body, string Cache)> AskAsync(string method, string path)
    {
        using var probe = new TunnelProbe(
            _ =>
            {
                _roundTrips++;
                return Task.FromResult(TimeSpan.Zero);
            },
            _gate,
            new FakeTimeProvider());
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Path = path;
        using var body = new MemoryStream();
        context.Response.Body = body;
        await new HealthEndpoint(probe, new CertificateHealth(() => _renewal)).HandleAsync(context);
        return (context.Response.StatusCode, System.Text.Encoding.UTF8.GetString(body.ToArray()), context.Response.Headers.CacheControl.ToString());
    }
}
