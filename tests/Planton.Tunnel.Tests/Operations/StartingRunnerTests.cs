using Planton.Testing;
using Planton.Tunnel.Links;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Operations;

/// <summary>A runner that has a tunnel and cannot serve yet: operations would be refused that another replica could have done.</summary>
public sealed class StartingRunnerTests : TunnelTest
{
    [Fact]
    public async Task ARunnerThatStarts_GetsNoOperation_UntilItSaysThatItIsReady()
    {
        var gateway = await StartGatewayAsync();
        var runner = await StartStartingAsync(gateway);
        await runner.Link.WaitForStartAsync(Cancelled);
        // The gateway has read the greeting when it answers over the link.
        await runner.Link.RoundTripAsync(Cancelled);
        Assert.Null(gateway.Registry.TryBeginOperation(TestRunner.RunnerId));

        await runner.Link.AcceptOperationsAsync(Cancelled);

        using var lease = gateway.Registry.TryBeginOperation(TestRunner.RunnerId);
        Assert.Equal("GET /x", await lease!.Tunnel.GetStringAsync("/x"));
    }

    [Fact]
    public async Task ItsNextLink_IsReadyAtOnce()
    {
        var gateway = await StartGatewayAsync();
        var runner = await StartStartingAsync(gateway);
        await runner.Link.WaitForStartAsync(Cancelled);
        await runner.Link.AcceptOperationsAsync(Cancelled);
        var first = await gateway.TunnelAsync();

        first.Abort("the test");

        Assert.NotEqual(first, await gateway.TunnelAsync(first));
    }

    [Fact]
    public async Task WhenTheLinkBreaksMeanwhile_TheNextOneIsReadyAllTheSame()
    {
        var gateway = await StartGatewayAsync();
        var runner = await StartStartingAsync(gateway);
        await runner.Link.WaitForStartAsync(Cancelled);
        await Eventually.BecomesTrueAsync(() => gateway.Registry.Count == 1, "the gateway has the tunnel", cancellationToken: Cancelled);

        gateway.Registry.All.Single().Abort("the test");
        await runner.Link.AcceptOperationsAsync(Cancelled);

        Assert.Equal(LinkState.Ready, (await gateway.TunnelAsync()).State);
    }

    private Task<TestRunner> StartStartingAsync(TestGateway gateway) =>
        StartRunnerAsync(gateway.EndPoint, configure: options => options.Greeting = options.Greeting with { Starting = true });
}
