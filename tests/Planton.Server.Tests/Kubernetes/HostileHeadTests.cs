using Microsoft.AspNetCore.Http;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Gateway;

namespace Planton.Server.Tests.Kubernetes;

/// <summary>
/// A tunnel carries everybody's operations on a runner as one HTTP/2 connection. Whatever one request or one response has in its head, the
/// others, of which a watch is one here, do not notice it.
/// </summary>
public sealed class HostileHeadTests(TunnelsOnSqlite shared) : KubernetesProxyTest(shared), IClassFixture<TunnelsOnSqlite>
{
    private const int KiB = 1024;

    private readonly StreamingTarget _target = new();

    private static readonly Dictionary<string, (string Headers, int Status, string Code)> Heads = new(StringComparer.Ordinal)
    {
        ["a header of one hop's largest field"] = ($"X-Large: {new string('x', 64 * KiB)}", 200, ""),
        ["a header of 120 KiB"] = ($"X-Large: {new string('x', 120 * KiB)}", 200, ""),
        ["one header in four parts"] = (string.Join("\r\n", Enumerable.Repeat($"X-Part: {new string('x', 30 * KiB)}", 4)), 200, ""),
        ["cookies in four parts"] = (string.Join("\r\n", Enumerable.Repeat($"Cookie: {new string('x', 30 * KiB)}", 4)), 200, ""),
        ["120 headers"] = (string.Join("\r\n", Enumerable.Range(0, 120).Select(i => $"X-{i}: x")), 200, ""),
        ["a header of 128 KiB"] = ($"X-Large: {new string('x', 128 * KiB)}", 431, ErrorCode.HeadersTooLarge),
        ["a header's name of 128 KiB"] = ($"{new string('x', 128 * KiB)}: x", 431, ErrorCode.HeadersTooLarge),
        ["400 KiB of headers"] = (string.Join("\r\n", Enumerable.Range(0, 20).Select(i => $"X-{i}: {new string('x', 20 * KiB)}")), 431, ErrorCode.HeadersTooLarge),
        ["129 headers"] = (string.Join("\r\n", Enumerable.Range(0, 129).Select(i => $"X-{i}: x")), 431, ErrorCode.HeadersTooLarge),
        ["900 headers of one name"] = (string.Join("\r\n", Enumerable.Repeat("X-Part: x", 900)), 431, ErrorCode.HeadersTooLarge),
        ["a value in UTF-8"] = ("X-Odd: \u00c3\u00a9", 400, ErrorCode.InvalidArgument),
        ["a value in four bytes of UTF-8"] = ("X-Odd: \u00f0\u009f\u0098\u0080", 400, ErrorCode.InvalidArgument),
        ["a known header in UTF-8"] = ("User-Agent: \u00c3\u00a9", 400, ErrorCode.InvalidArgument),
        ["a header of the body in UTF-8"] = ("Content-Type: \u00c3\u00a9", 400, ErrorCode.InvalidArgument),
        ["a control character"] = ("X-Odd: a\u0001b", 400, ErrorCode.InvalidArgument),
        ["a delete"] = ("X-Odd: a\u007fb", 400, ErrorCode.InvalidArgument),
        ["a protocol in UTF-8"] = ("Connection: upgrade\r\nUpgrade: \u00c3\u00a9", 400, ErrorCode.InvalidArgument),
        ["a name that is no token"] = ("X(Odd): a", 400, ErrorCode.InvalidArgument),
    };

    private static readonly Dictionary<string, (string Path, int Status, string Code)> Paths = new(StringComparer.Ordinal)
    {
        ["100 KiB"] = ("x" + new string('x', 100 * KiB), 200, ""),
        ["120 KiB of query"] = ("x?" + new string('x', 120 * KiB), 200, ""),
        ["128 KiB"] = (new string('x', 128 * KiB), 414, ErrorCode.UriTooLong),
        ["300 KiB"] = (new string('x', 300 * KiB), 414, ErrorCode.UriTooLong),
        ["a fragment"] = ("x#y", 400, ErrorCode.InvalidArgument),
        ["a control character"] = ("x\u0001y", 400, ErrorCode.InvalidArgument),
        ["a delete in the query"] = ("x?y\u007f", 400, ErrorCode.InvalidArgument),
    };

    public static TheoryData<string> Requests => [.. Heads.Keys];

    public static TheoryData<string> Targets => [.. Paths.Keys];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task ARequestsHeaders(string what) =>
        await DisturbAsync(what, async () =>
        {
            var (headers, status, code) = Heads[what];
            AssertStatus(await SendAsync("x", headers.Split("\r\n")), status, code);
        });

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task ARequestsTarget(string what) =>
        await DisturbAsync(what, async () =>
        {
            var (path, status, code) = Paths[what];
            AssertStatus(await SendAsync(path), status, code);
        });

    [Theory]
    [InlineData(60, 1, 200)]
    [InlineData(100, 1, 200)]
    [InlineData(12, 10, 200)]
    [InlineData(130, 1, 502)]
    [InlineData(13, 10, 502)]
    public async Task AResponsesHeaders_AsARunnerWouldSendThem(int kib, int count, int status) =>
        await DisturbAsync($"{count} headers of {kib} KiB", async () =>
        {
            AssertStatus(await SendAsync($"large?kib={kib}&count={count}"), status, status == 200 ? "" : ErrorCode.TargetResponseInvalid);
        });

    [Fact]
    public async Task WhatIsRefusedForWhatIsInIt_IsRecorded()
    {
        await ConnectAsync(_target.StreamAsync);

        await SendAsync("x", "X-Odd: \u00c3\u00a9");

        var record = Assert.Single(await AuditAsync());
        Assert.Equal((AuditOutcome.Denied, ErrorCode.InvalidArgument), (record.Outcome, record.Code));
        Assert.Contains("the header X-Odd has characters that no target is sent", record.Detail, StringComparison.Ordinal);
    }

    private static void AssertStatus((int Status, string Text) response, int status, string code)
    {
        var text = response.Text;
        Assert.True(status == response.Status, text[..Math.Min(text.Length, 900)]);
        Assert.Equal(code.Length == 0 ? [] : [code], RawHttp.Header(text, OperationHeaders.Error));
        if (code.Length > 0)
        {
            Assert.Contains("\"kind\":\"Status\"", text, StringComparison.Ordinal);
            Assert.Contains($"\"code\":{status}", text, StringComparison.Ordinal);
        }
    }

    // A watch and another request are on the tunnel meanwhile.
    private async Task DisturbAsync(string what, Func<Task> disturb)
    {
        var waiting = new SemaphoreSlim(0);
        var going = new SemaphoreSlim(0);
        var runner = await ConnectAsync(async context =>
        {
            if (context.Request.Query.ContainsKey("watch"))
            {
                await _target.StreamAsync(context);
            }
            else if (context.Request.Path.Value!.EndsWith("/wait", StringComparison.Ordinal))
            {
                waiting.Release();
                await going.WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync("waited");
            }
            else
            {
                AddLarge(context);
                await context.Response.WriteAsync("here");
            }
        });
        using var watch = await _target.OpenAsync(await GetAsync(StreamingTarget.Path));
        var pending = GetAsync("/wait");
        await waiting.WaitAsync(Cancelled);
        var tunnel = Tunnel();

        await disturb();

        Assert.Equal("tick\n", await StreamingTarget.ReadAsync(watch));
        going.Release();
        using var waited = await pending;
        Assert.True(await waited.Content.ReadAsStringAsync(Cancelled) == "waited", $"the pending request broke: {what}");
        Assert.Same(tunnel, Tunnel());
        for (var ticks = 0; ticks < 5; ticks++)
            Assert.Equal("tick\n", await StreamingTarget.ReadAsync(watch));

        GatewayTunnel Tunnel() => Server.Get<TunnelRegistry>().Of(runner.Credentials.Metadata!.RunnerId!).Single();
    }

    private static void AddLarge(HttpContext context)
    {
        if (!int.TryParse(context.Request.Query["kib"], out var kib))
            return;
        for (var number = int.Parse(context.Request.Query["count"]!, System.Globalization.CultureInfo.InvariantCulture); number > 0; number--)
            context.Response.Headers[$"X-Large-{number}"] = new string('x', kib * KiB);
    }

    private Task<(int Status, string Text)> SendAsync(string path, params string[] headers) =>
        RawHttp.SendAsync(Server, $"GET /kubernetes/{Org}/cluster/{path}", [$"Authorization: Bearer {Server.AdminKey}", .. headers]);
}
