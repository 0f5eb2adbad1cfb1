using Planton.Testing;
using Planton.Tunnel.Protocol;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Protocol;

public sealed class GreetingTests : TunnelTest
{
    private static readonly RunnerGreeting Good = new() { InstanceId = "i", Version = "1" };

    public static TheoryData<string, RunnerGreeting> Bad() => new()
    {
        { "protocol", Good with { Protocol = 2 } },
        { "instanceId", Good with { InstanceId = "" } },
        { "instanceId", Good with { InstanceId = new string('x', 65) } },
        { "version", Good with { Version = new string('x', 65) } },
        { "hostName", Good with { HostName = new string('x', 254) } },
        { "capabilities", Good with { Capabilities = [new string('x', 65)] } },
        { "capabilities", Good with { Capabilities = [.. Enumerable.Repeat("x", 65)] } },
        { "version", Good with { Version = "1.0\0" } },
        { "version", Good with { Version = "1\u001b[2J" } },
        { "version", Good with { Version = "1\u0085" } },
        { "instanceId", Good with { InstanceId = "i\r\nforged" } },
        { "hostName", Good with { HostName = "host\u202e" } },
        { "hostName", Good with { HostName = "host\u2028" } },
        { "capabilities", Good with { Capabilities = ["kubernetes\u200f"] } },
        { "maxOperations", Good with { MaxOperations = 0 } },
        { "maxOperations", Good with { MaxOperations = 100_001 } },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void AFaultOfAGreeting_IsNamed(string field, RunnerGreeting greeting) =>
        Assert.StartsWith(field, greeting.Fault(), StringComparison.Ordinal);

    [Fact]
    public void AGoodGreeting_HasNoFault() => Assert.Null(Good.Fault());

    [Fact]
    public async Task ARunnerOfAnotherProtocolVersion_IsToldSo_AndDoesNotComeBack()
    {
        var gateway = await StartGatewayAsync();
        var runner = await StartRunnerAsync(gateway.EndPoint, configure: options => options.Greeting = options.Greeting with { Protocol = 99 });

        var refusal = await runner.Link.Refused.WaitAsync(Eventually.DefaultTimeout, Cancelled);

        Assert.Equal(RefusalCode.Protocol, refusal.Code);
        Assert.Contains("protocol 99 is not 1", refusal.Detail, StringComparison.Ordinal);
        Assert.Empty(gateway.Registry.All);
    }

    [Fact]
    public async Task ARunnerWhoseVersionHasANul_IsToldSo_AndDoesNotComeBack()
    {
        var gateway = await StartGatewayAsync();
        var runner = await StartRunnerAsync(gateway.EndPoint, configure: options => options.Greeting = options.Greeting with { Version = "1.2.3\0" });

        var refusal = await runner.Link.Refused.WaitAsync(Eventually.DefaultTimeout, Cancelled);

        Assert.Equal(RefusalCode.Protocol, refusal.Code);
        Assert.Contains("version has control characters", refusal.Detail, StringComparison.Ordinal);
        Assert.Empty(gateway.Admission.Ready);
    }

    [Fact]
    public async Task MoreTunnelsThanARunnerMayHave_AreRefusedForNow()
    {
        var gateway = await StartGatewayAsync(options => options.MaxTunnelsPerRunner = 1);
        await StartRunnerAsync(gateway.EndPoint);
        var first = await gateway.TunnelAsync();
        var second = await StartRunnerAsync(gateway.EndPoint);

        await Eventually.BecomesTrueAsync(() => second.Link.Status.Refusal?.Code == RefusalCode.Busy, "the second replica is refused", cancellationToken: Cancelled);

        Assert.False(second.Link.Refused.IsCompleted);
        Assert.Equal(first, Assert.Single(gateway.Registry.All));
        first.Abort("the test makes room");
        await gateway.TunnelAsync(first);
    }
}
