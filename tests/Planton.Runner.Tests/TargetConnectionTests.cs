using System.Net;
using Planton.Runner.Providers.Kubernetes;
using Planton.Runner.Tests.Fixtures;

namespace Planton.Runner.Tests;

public sealed class TargetConnectionTests
{
    private static readonly TargetDefinition Definition = new() { Name = "test", Server = new Uri("https://127.0.0.1:1") };
    private readonly Handler _handler = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void ConnectionsAreClosedWhenTheyAreRetiredAndNobodyUsesThem()
    {
        var connection = Create();
        connection.Acquire();
        connection.Acquire();
        connection.Retire();
        connection.Release();
        Assert.Equal(0, _handler.Disposals);
        connection.Release();
        Assert.Equal(1, _handler.Disposals);
    }

    [Fact]
    public void RetiringWhatIsIdleClosesItAtOnce_AndOnlyOnce()
    {
        var connection = Create();
        connection.Retire();
        connection.Retire();
        Assert.Equal(1, _handler.Disposals);
    }

    [Fact]
    public void ALeaseThatIsDisposedTwiceCountsOnce()
    {
        var connection = Create();
        connection.Acquire();
        connection.Acquire();
        var lease = new TargetLease(Definition, null, connection);
        lease.Dispose();
        lease.Dispose();
        connection.Retire();
        Assert.Equal(0, _handler.Disposals);
    }

    [Fact]
    public async Task ManyLeasesAndOneRetirementAtOnceCloseItExactlyOnce_AndNeverUnderAUser()
    {
        for (var round = 0; round < 200; round++)
        {
            var handler = new Handler();
            var connection = new TargetConnection(new HttpMessageInvoker(handler), null);
            connection.Acquire();
            var users = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                connection.Acquire();
                var closedUnderUs = handler.Disposals;
                connection.Release();
                return closedUnderUs;
            }, Cancel)).ToArray();
            connection.Retire();
            Assert.All(await Task.WhenAll(users), closed => Assert.Equal(0, closed));
            connection.Release();
            Assert.Equal(1, handler.Disposals);
        }
    }

    [Fact]
    public async Task AChangedKubeconfigCutsNoRunningWatch_AndTheNextRequestUsesTheNewOne()
    {
        using var authority = new TestAuthority();
        using var folder = new Planton.Testing.TemporaryFolder();
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var old = await TestTarget.StartAsync(authority.Server(), async context =>
        {
            await context.Response.Body.FlushAsync();
            await go.Task;
            await context.Response.Body.WriteAsync("the old one's last word"u8.ToArray());
        });
        await using var renewed = await TestTarget.StartAsync(authority.Server());
        var config = folder.Write("config", KubeConfigs.One(old.Url, KubeConfigs.Authority(authority)));
        await using var host = await OperationHost.StartAsync(config, time: time);
        using var watch = await host.Client.GetAsync("/kubernetes/watch", HttpCompletionOption.ResponseHeadersRead, Cancel);

        folder.Write("config", KubeConfigs.One(renewed.Url, KubeConfigs.Authority(authority)) + "\n# changed\n");
        time.Advance(TimeSpan.FromSeconds(2));
        using var next = await host.GetAsync("/api", Cancel);
        go.SetResult();

        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Single(renewed.Seen);
        Assert.Equal("the old one's last word", await watch.Content.ReadAsStringAsync(Cancel));
    }

    private TargetConnection Create() => new(new HttpMessageInvoker(_handler), null);

    private sealed class Handler : HttpMessageHandler
    {
        private int _disposals;

        public int Disposals => Volatile.Read(ref _disposals);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage());

        protected override void Dispose(bool disposing)
        {
            Interlocked.Increment(ref _disposals);
            base.Dispose(disposing);
        }
    }
}
