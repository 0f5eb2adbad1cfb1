using Microsoft.AspNetCore.Http;
using Planton.Server.Hosting;
using Planton.Server.Tests.Kubernetes;

namespace Planton.Server.Tests.Gateway;

/// <summary>A stop of the server while an operation goes through a real tunnel that ends before the time to drain is over.</summary>
public sealed class StopInTimeTests : KubernetesProxyTest
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task AnOperationThatEndsInTime_IsAnsweredWhole()
    {
        var (entered, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        await ConnectAsync(async context =>
        {
            await context.Response.WriteAsync("first half, ");
            await context.Response.Body.FlushAsync();
            entered.TrySetResult();
            await go.Task;
            await context.Response.WriteAsync("second half");
        });
        using var response = await GetAsync("/api/v1/pods");
        await entered.Task.WaitAsync(Bound, Cancelled);

        var stop = Server.App.StopAsync(Cancelled);
        await Eventually.BecomesTrueAsync(
            () => Server.Get<ServerState>().Current == ServerState.Phase.Stopping, "the server is stopping", cancellationToken: Cancelled);
        Assert.False(stop.IsCompleted);
        go.SetResult();

        Assert.Equal("first half, second half", await response.Content.ReadAsStringAsync(Cancelled).WaitAsync(Bound, Cancelled));
        await stop.WaitAsync(Bound, Cancelled);
        Assert.Equal(0, StopLog.Read(Server.Log).Aborted);
    }
}
