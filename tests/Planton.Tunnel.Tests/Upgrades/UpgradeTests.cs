using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Planton.Testing;
using Planton.Tunnel.Upgrades;

namespace Planton.Tunnel.Tests.Upgrades;

/// <summary>SPDY/3.1, as kubectl speaks it, and any other protocol.</summary>
public sealed class UpgradeTests : UpgradeChainTest
{
    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    public async Task ARawUpgrade_IsSpliced_WithItsMethodAndHeaders(string method)
    {
        var front = await StartChainAsync(async context =>
        {
            Assert.Equal(method, context.Request.Method);
            Assert.Equal("SPDY/3.1", context.Request.Headers.Upgrade);
            context.Response.Headers["X-Stream-Protocol-Version"] = context.Request.Headers["X-Stream-Protocol-Version"][0];
            await EchoAsync(await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync());
        });
        using var client = await ConnectAsync(front);

        var head = await UpgradeAsync(client, method);

        Assert.StartsWith("HTTP/1.1 101", head, StringComparison.Ordinal);
        Assert.Contains("Upgrade: SPDY/3.1", head, StringComparison.Ordinal);
        Assert.Contains("X-Stream-Protocol-Version: v4.channel.k8s.io", head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Planton-", head, StringComparison.OrdinalIgnoreCase);
        await ExchangeAsync(client.GetStream(), 4 * 1024 * 1024);
    }

    [Fact]
    public async Task WhenTheTargetEnds_TheClientsConnectionEnds()
    {
        var front = await StartChainAsync(async context =>
        {
            await using var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            await stream.WriteAsync("bye"u8.ToArray());
        });
        using var client = await ConnectAsync(front);
        await UpgradeAsync(client, "POST");

        var rest = await new StreamReader(client.GetStream()).ReadToEndAsync(Cancelled).WaitAsync(Eventually.DefaultTimeout, Cancelled);

        Assert.Equal("bye", rest);
    }

    [Fact]
    public async Task WhenTheClientGoes_TheTargetsConnectionEnds()
    {
        var ended = new TaskCompletionSource();
        var front = await StartChainAsync(async context =>
        {
            await using var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            await EchoAsync(stream);
            ended.TrySetResult();
        });
        var client = await ConnectAsync(front);
        await UpgradeAsync(client, "POST");

        client.Dispose();

        await ended.Task.WaitAsync(Eventually.DefaultTimeout, Cancelled);
    }

    [Fact]
    public async Task WhenTheTargetRefuses_ItsAnswerIsPassedOn()
    {
        var front = await StartChainAsync(async context =>
        {
            context.Response.StatusCode = 403;
            context.Response.Headers["X-Why"] = "policy";
            await context.Response.WriteAsync("no exec for you");
        });
        using var client = await ConnectAsync(front);

        var head = await UpgradeAsync(client, "POST");

        Assert.StartsWith("HTTP/1.1 403", head, StringComparison.Ordinal);
        Assert.Contains("X-Why: policy", head, StringComparison.OrdinalIgnoreCase);
        var body = new byte[100];
        var read = await client.GetStream().ReadAsync(body, Cancelled);
        Assert.Contains("no exec for you", Encoding.ASCII.GetString(body, 0, read), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyUpgrades_RefusedCutAndFinished_LeaveTheTunnelAndItsOtherRequestsAlone()
    {
        var open = 0;
        var front = await StartChainAsync(async context =>
        {
            switch (context.Request.Headers["X-Stream-Protocol-Version"].ToString())
            {
                case "refuse":
                    context.Response.StatusCode = 403;
                    await context.Response.WriteAsync("no");
                    break;
                case "end":
                    await using (await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync())
                        break;
                default:
                    Interlocked.Increment(ref open);
                    await using (var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync())
                        await EchoAsync(stream);
                    Interlocked.Decrement(ref open);
                    break;
            }
        });
        var kinds = new[] { "refuse", "end", "echo" };

        await Parallel.ForEachAsync(Enumerable.Range(0, 600), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancelled }, async (i, _) =>
        {
            using var client = await ConnectAsync(front);
            var kind = kinds[i % kinds.Length];
            var head = await UpgradeAsync(client, "POST", kind);
            Assert.StartsWith(kind == "refuse" ? "HTTP/1.1 403" : "HTTP/1.1 101", head, StringComparison.Ordinal);

            // Some clients go in the middle of a write, some right away.
            if (kind == "echo")
                await client.GetStream().WriteAsync(new byte[i * 97 % 50_000], Cancelled);
        });

        await Eventually.BecomesTrueAsync(() => Volatile.Read(ref open) == 0, "no stream is left at the target", cancellationToken: Cancelled);
        Assert.DoesNotContain(Logs.Records, r => r.Message.Contains("STREAM_CLOSED", StringComparison.Ordinal));
        Assert.DoesNotContain(Logs.Records, r => r.Message.Contains(" lost: ", StringComparison.Ordinal));
    }

    [Fact]
    public void OnlyGetAndPost_AreTakenForTheMethodOfAnUpgrade()
    {
        var context = new DefaultHttpContext();
        Assert.Null(UpgradeForwarder.TunnelledMethod(context));
        context.Request.Headers["Planton-Upgrade-Method"] = "DELETE";
        Assert.Null(UpgradeForwarder.TunnelledMethod(context));
        context.Request.Headers["Planton-Upgrade-Method"] = "POST";
        Assert.Equal(HttpMethod.Post, UpgradeForwarder.TunnelledMethod(context));
    }

    private static async Task<TcpClient> ConnectAsync(string address)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(address), Cancelled);
        return client;
    }

    private static async Task<string> UpgradeAsync(TcpClient client, string method, string protocols = "v4.channel.k8s.io")
    {
        var request = $"{method} /exec HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: {protocols}\r\nContent-Length: 0\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Cancelled);
        var head = new List<byte>();
        var one = new byte[1];
        while (!Encoding.ASCII.GetString([.. head]).EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await client.GetStream().ReadAsync(one, Cancelled).AsTask().WaitAsync(Eventually.DefaultTimeout, Cancelled) == 0)
                break;
            head.Add(one[0]);
        }

        return Encoding.ASCII.GetString([.. head]);
    }

    private static async Task ExchangeAsync(NetworkStream stream, int size)
    {
        var sent = RandomNumberGenerator.GetBytes(size);
        var writing = stream.WriteAsync(sent, Cancelled).AsTask();
        var received = new byte[size];
        await stream.ReadExactlyAsync(received, Cancelled).AsTask().WaitAsync(Eventually.DefaultTimeout, Cancelled);
        await writing;
        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    private static async Task EchoAsync(Stream stream)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var count)
                await stream.WriteAsync(buffer.AsMemory(0, count));
        }
        catch (IOException)
        {
            // The other side is gone.
        }
    }
}
