using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Tests.Kubernetes;

namespace Planton.Server.Tests.Connections;

public sealed class DeletedConnectionTests : KubernetesProxyTest
{
    [Fact]
    public async Task WithTheConnection_ItsStreamsEndWithinASecond_AndNoOthers()
    {
        var ended = new TaskCompletionSource();
        await ConnectAsync(async context =>
        {
            await context.Response.WriteAsync("first\n");
            await context.Response.Body.FlushAsync();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                ended.TrySetResult();
            }
        });
        await CreateConnectionAsync("other", "prod");
        using var doomed = await GetAsync("/watch");
        using var spared = await GetAsync("/watch", connection: "other");
        using var stream = new StreamReader(await doomed.Content.ReadAsStreamAsync(Cancelled));
        using var kept = new StreamReader(await spared.Content.ReadAsStreamAsync(Cancelled));
        Assert.Equal("first", await stream.ReadLineAsync(Cancelled));
        Assert.Equal("first", await kept.ReadLineAsync(Cancelled));
        var more = kept.ReadLineAsync(Cancelled).AsTask();

        var clock = Stopwatch.StartNew();
        await Server.Admin.DeleteConnectionAsync("default", "cluster", Cancelled);
        await Assert.ThrowsAnyAsync<IOException>(async () => await stream.ReadLineAsync(Cancelled));
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System, Cancelled);

        Assert.InRange(clock.ElapsedMilliseconds, 0, 1_000);
        Assert.False(more.IsCompleted);
        using var gone = await GetAsync("/watch");
        Assert.Equal(ErrorCode.ConnectionNotFound, gone.Headers.GetValues(OperationHeaders.Error).Single());
    }
}
