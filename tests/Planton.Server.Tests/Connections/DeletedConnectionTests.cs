using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Tests.Routing;

namespace Planton.Server.Tests.Connections;

/// <summary>What open streams see. No storage is involved: one database is enough.</summary>
public sealed class DeletedConnectionTests(RoutingOnSqlite shared) : RoutedTest(shared), IClassFixture<RoutingOnSqlite>
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
        using var stream = new StreamReader(await doomed.Content.ReadAsStreamAsync(Cancellation));
        using var kept = new StreamReader(await spared.Content.ReadAsStreamAsync(Cancellation));
        Assert.Equal("first", await stream.ReadLineAsync(Cancellation));
        Assert.Equal("first", await kept.ReadLineAsync(Cancellation));
        var more = kept.ReadLineAsync(Cancellation).AsTask();

        var clock = Stopwatch.StartNew();
        await Admin.DeleteConnectionAsync(Org, "cluster", Cancellation);
        await Assert.ThrowsAnyAsync<IOException>(async () => await stream.ReadLineAsync(Cancellation));
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System, Cancellation);

        Assert.InRange(clock.ElapsedMilliseconds, 0, 1_000);
        Assert.False(more.IsCompleted);
        using var gone = await GetAsync("/watch");
        Assert.Equal(ErrorCode.ConnectionNotFound, gone.Headers.GetValues(OperationHeaders.Error).Single());
    }
}
