using Microsoft.AspNetCore.Http;
using Planton.Testing;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Links;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Failures;

/// <summary>One stream must not hurt the others.</summary>
public sealed class StalledStreamTests : TunnelTest
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public async Task StalledUploads_EvenWhenTheyFillEveryWindow_LeaveGetsAndControlCallsAlone()
    {
        var release = new TaskCompletionSource();
        var (gateway, runner, tunnel) = await ConnectAsync(
            async context =>
            {
                if (context.Request.Method == "POST")
                    await release.Task;
                await context.Response.WriteAsync("answered");
            },
            configureRunner: options => (options.StreamWindow, options.ConnectionWindow) = (Megabyte, 8 * Megabyte));
        var bodies = Enumerable.Range(0, 12).Select(_ => new DuplexContent(new byte[2 * Megabyte])).ToList();
        var uploads = bodies.ConvertAll(body => tunnel.SendAsync(HttpMethod.Post, "/stall", body));
        // Each may have sent a part of its next piece.
        await Eventually.BecomesTrueAsync(
            () => bodies.Sum(body => body.Sent + DuplexContent.PieceBytes) >= 8 * Megabyte, "the link's window is full", cancellationToken: Cancelled);

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("answered", await tunnel.GetStringAsync("/get").WaitAsync(Eventually.DefaultTimeout, Cancelled));
            await tunnel.PingAsync(Cancelled).WaitAsync(Eventually.DefaultTimeout, Cancelled);
            await runner.Link.RoundTripAsync(Cancelled).WaitAsync(Eventually.DefaultTimeout, Cancelled);
        }

        Assert.All(uploads, upload => Assert.False(upload.IsCompleted));
        release.SetResult();
        foreach (var upload in uploads)
            (await upload.WaitAsync(Eventually.DefaultTimeout, Cancelled)).Dispose();
        Assert.Equal(tunnel, Assert.Single(gateway.Registry.All));
    }

    [Fact]
    public async Task AFewStalledUploads_WithTheWindowsThatShip_LeaveOtherUploadsAlone()
    {
        var release = new TaskCompletionSource();
        var (_, _, tunnel) = await ConnectAsync(async context =>
        {
            if (context.Request.Path == "/stall")
                await release.Task;
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            await context.Response.WriteAsync($"{body.Length}");
        });
        var bodies = Enumerable.Range(0, 20).Select(_ => new DuplexContent(new byte[2 * Megabyte])).ToList();
        var stalled = bodies.ConvertAll(body => tunnel.SendAsync(HttpMethod.Post, "/stall", body));
        await Eventually.BecomesTrueAsync(
            () => bodies.TrueForAll(body => body.Sent == Megabyte), "the window of each stalled upload is full", cancellationToken: Cancelled);

        using var other = await tunnel.SendAsync(HttpMethod.Post, "/other", new DuplexContent(new byte[3 * Megabyte])).WaitAsync(Eventually.DefaultTimeout, Cancelled);

        Assert.Equal($"{3 * Megabyte}", await other.Content.ReadAsStringAsync(Cancelled));
        release.SetResult();
        foreach (var upload in stalled)
            (await upload).Dispose();
    }

    [Fact]
    public async Task SlowReadersOfLargeAnswers_LeaveOthersAlone()
    {
        var chunk = new byte[64 * 1024];
        var (_, _, tunnel) = await ConnectAsync(async context =>
        {
            for (var i = 0; context.Request.Path == "/large" && i < 160; i++)
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
        });
        var slow = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => tunnel.SendAsync(HttpMethod.Get, "/large")));

        for (var i = 0; i < 5; i++)
        {
            using var small = await tunnel.SendAsync(HttpMethod.Get, "/small").WaitAsync(Eventually.DefaultTimeout, Cancelled);
            Assert.True(small.IsSuccessStatusCode);
        }

        foreach (var response in slow)
        {
            Assert.Equal(160L * chunk.Length, (await response.Content.ReadAsByteArrayAsync(Cancelled)).Length);
            response.Dispose();
        }
    }

    [Fact]
    public async Task PastTheRunnersLimit_ThereIsNoPlace_AndNobodyWaitsInSilence()
    {
        var release = new TaskCompletionSource();
        var (gateway, _, tunnel) = await ConnectAsync(
            async _ => await release.Task,
            options => options.Greeting = options.Greeting with { MaxOperations = 3 });
        var leases = new List<OperationLease>();
        var pending = new List<Task<HttpResponseMessage>>();
        for (var i = 0; i < 3; i++)
        {
            leases.Add(Assert.IsType<OperationLease>(gateway.Registry.TryBeginOperation(TestRunner.RunnerId)));
            pending.Add(tunnel.SendAsync(HttpMethod.Get, "/wait"));
        }

        Assert.Null(gateway.Registry.TryBeginOperation(TestRunner.RunnerId));
        Assert.Equal(3, tunnel.Operations);
        await tunnel.PingAsync(Cancelled).WaitAsync(Eventually.DefaultTimeout, Cancelled);

        leases[0].Dispose();
        leases[0].Dispose();
        using var again = gateway.Registry.TryBeginOperation(TestRunner.RunnerId);
        Assert.NotNull(again);
        Assert.Equal(LinkState.Ready, again.Tunnel.State);
        release.SetResult();
        foreach (var response in await Task.WhenAll(pending))
            response.Dispose();
        Assert.Throws<ObjectDisposedException>(() => leases[0].Tunnel);
    }
}
