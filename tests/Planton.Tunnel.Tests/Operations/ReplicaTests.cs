using Planton.Testing;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Operations;

public sealed class ReplicaTests : TunnelTest
{
    [Fact]
    public async Task AnOperationTakesTheLeastBusyReplica()
    {
        var gateway = await StartGatewayAsync();
        await StartRunnerAsync(gateway.EndPoint);
        await StartRunnerAsync(gateway.EndPoint);
        await Eventually.BecomesTrueAsync(() => gateway.Registry.All.Count(t => t.TryProbe()) == 2, "both replicas are ready", cancellationToken: Cancelled);

        using var first = gateway.Registry.TryBeginOperation(TestRunner.RunnerId);
        using var second = gateway.Registry.TryBeginOperation(TestRunner.RunnerId);
        using var third = gateway.Registry.TryBeginOperation(TestRunner.RunnerId);

        Assert.NotEqual(first!.Tunnel, second!.Tunnel);
        Assert.Equal([1, 2], gateway.Registry.All.Select(t => t.Operations).Order());
        Assert.NotNull(third);
        Assert.Null(gateway.Registry.TryBeginOperation(TestRunner.RunnerId, except: [first.Tunnel, second.Tunnel]));
    }

    [Fact]
    public async Task WhenOneReplicaGoes_TheOtherServes()
    {
        var gateway = await StartGatewayAsync();
        var stopping = await TestRunner.StartAsync(Authority, gateway.EndPoint, Logs);
        var gone = await gateway.TunnelAsync();
        await StartRunnerAsync(gateway.EndPoint);
        var stays = await gateway.TunnelAsync(gone);

        await stopping.DisposeAsync();
        await Eventually.BecomesTrueAsync(() => gateway.Registry.Count == 1, "the first replica is gone", cancellationToken: Cancelled);

        using var lease = gateway.Registry.TryBeginOperation(TestRunner.RunnerId);
        Assert.Equal(stays, lease!.Tunnel);
        Assert.Equal("GET /x", await stays.GetStringAsync("/x"));
    }

    [Fact]
    public async Task AnotherRunnersTunnel_IsNeverTaken()
    {
        var gateway = await StartGatewayAsync();
        await StartRunnerAsync(gateway.EndPoint, configure: options =>
            options.Certificate = Authority.IssueRunner($"spiffe://{TestAuthority.TestTrustDomain}/org/other/runner/other"));
        await gateway.TunnelAsync();

        Assert.Null(gateway.Registry.TryBeginOperation(TestRunner.RunnerId));
        Assert.Empty(gateway.Registry.Of(TestRunner.RunnerId));
        Assert.NotEmpty(gateway.Registry.Of("other"));
    }
}
