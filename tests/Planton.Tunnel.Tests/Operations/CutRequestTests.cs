using System.Net;
using Microsoft.AspNetCore.Http;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Operations;

/// <summary>Requests and answers that end in the middle, many at once: each ends alone.</summary>
public sealed class CutRequestTests : TunnelTest
{
    private const int Count = 600;
    private static readonly string[] Ways = ["early", "abort", "read", "half-answer", "endless", "never"];
    private static readonly byte[] Block = new byte[100_000];

    [Fact]
    public async Task ManyCutRequests_LeaveTheTunnelAndItsOtherRequestsAlone()
    {
        var (gateway, _, tunnel) = await ConnectAsync(AnswerAsync);
        using var witness = await tunnel.Invoker.SendAsync(TunnelRequests.Request(HttpMethod.Get, "/endless"), Cancelled);
        using var witnessed = await witness.Content.ReadAsStreamAsync(Cancelled);

        var whole = 0;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(90));
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Count),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = limit.Token },
            async (i, cancelled) =>
            {
                if (await SendAndCutAsync(tunnel, i, cancelled))
                    Interlocked.Increment(ref whole);
            });

        Assert.InRange(whole, Enumerable.Range(0, Count).Count(IsAnswered), Count);
        using var another = await tunnel.SendAsync(HttpMethod.Post, "/echo", new StringContent("still there"));
        Assert.Equal("still there", await another.Content.ReadAsStringAsync(Cancelled));
        await witnessed.ReadExactlyAsync(new byte[10 * Block.Length], Cancelled);
        Assert.Equal(tunnel, Assert.Single(gateway.Registry.Of(TestRunner.RunnerId)));
        Assert.DoesNotContain(Logs.Records, r => r.Message.Contains(" lost: ", StringComparison.Ordinal));
    }

    // Cut after a number of bytes rather than a time, so that each place in the life of a request is met. True: it was answered.
    private static async Task<bool> SendAndCutAsync(GatewayTunnel tunnel, int i, CancellationToken cancelled)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        using var body = new CutContent(cut, CutAfter(i));
        using var request = TunnelRequests.Request(HttpMethod.Post, $"/{Way(i)}", body);
        try
        {
            using var response = await tunnel.Invoker.SendAsync(request, cut.Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.NotEqual("abort", Way(i));
            using var answer = await response.Content.ReadAsStreamAsync(cut.Token);
            for (var read = 0; read < i * 997 && await answer.ReadAsync(new byte[8192], cut.Token) is > 0 and var count;)
                read += count;
            return true;
        }
        catch (Exception e) when (!IsAnswered(i) && !cancelled.IsCancellationRequested && e is OperationCanceledException or HttpRequestException or IOException or ObjectDisposedException)
        {
            // Cut, as asked for.
            return false;
        }
    }

    // Neither end cuts these, so they may not fail.
    private static bool IsAnswered(int i) => CutAfter(i) == int.MaxValue && Way(i) is "early" or "read" or "endless";

    private static string Way(int i) => Ways[i % Ways.Length];

    private static int CutAfter(int i) => (i % 7) switch
    {
        0 => 0,
        1 => 1,
        // The window of a stream that nobody reads is 1 MiB: a cut beyond it would never come.
        _ when Way(i) == "never" => 3,
        2 => 20,
        _ => int.MaxValue,
    };

    private static async Task AnswerAsync(HttpContext context)
    {
        try
        {
            await EndAsync(context);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The gateway has cut it.
        }
    }

    private static async Task EndAsync(HttpContext context)
    {
        switch (context.Request.Path)
        {
            case "/early":
                await context.Response.WriteAsync("enough");
                break;
            case "/abort":
                context.Abort();
                break;
            case "/half-answer":
                await context.Response.Body.WriteAsync(Block);
                context.Abort();
                break;
            case "/never":
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
                break;
            case "/echo":
                await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
                break;
            case "/read":
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
                break;
            default:
                while (!context.RequestAborted.IsCancellationRequested)
                    await context.Response.Body.WriteAsync(Block);
                break;
        }
    }

    /// <summary>A body of which the sender tires after some blocks.</summary>
    private sealed class CutContent(CancellationTokenSource cut, int afterBlocks) : HttpContent
    {
        private const int Blocks = 40;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var i = 0; i < Blocks; i++)
            {
                if (i == afterBlocks)
                    await cut.CancelAsync();
                await stream.WriteAsync(Block);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
