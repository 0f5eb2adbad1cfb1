using Planton.Tunnel.Runner;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Handshake;

/// <summary>The runner's own check of whom it has reached.</summary>
public sealed class GatewayCheckTests : TunnelTest
{
    [Fact]
    public async Task AGatewayOfAnotherAuthority_IsRefusedByTheRunner()
    {
        using var other = new TestAuthority();
        var gateway = await StartGatewayAsync();
        var runner = await StartRunnerAsync(gateway.EndPoint, configure: options => options.TrustedRoots = other.TrustBundle);

        await runner.FailsAsync(DialFailure.Tls, "not from the control plane's authority");

        Assert.Empty(gateway.Admission.Ready);
    }

    [Fact]
    public async Task AGatewayOfAnotherName_IsRefusedByTheRunner()
    {
        using var certificates = new TestAuthority("elsewhere.example");
        await using var gateway = await TestGateway.StartAsync(certificates, Logs);
        var runner = await StartRunnerAsync(gateway.EndPoint, configure: options => options.TrustedRoots = certificates.TrustBundle);

        await runner.FailsAsync(DialFailure.Tls, "its certificate is not for localhost");
    }
}
