using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Planton.Api;
using Planton.Api.Runners;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Gateway;

/// <summary>Runners that may not have a tunnel and dial in a loop.</summary>
public sealed class RefusedRunnerFloodTests
{
    private const int Dials = 200;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ALoopOfDials_CostsAFewQueriesAndLines_AndOthersConnect(bool revoked)
    {
        GatedContexts? contexts = null;
        await using var server = await ServerFixture.StartAsync(configure: builder =>
        {
            var own = builder.Services.Last(service => service.ServiceType == typeof(IDbContextFactory<ControlPlaneContext>));
            builder.Services.AddSingleton<IDbContextFactory<ControlPlaneContext>>(provider => contexts = new GatedContexts(
                (IDbContextFactory<ControlPlaneContext>)ActivatorUtilities.CreateInstance(provider, own.ImplementationType!)));
        });
        var credentials = (await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials;
        if (revoked)
            await server.Admin.RevokeCredentialAsync("default", "prod", credentials.Metadata!.Id!, Cancellation);
        else
            await server.Admin.DeleteRunnerAsync("default", "prod", Cancellation);
        var good = (await server.Admin.GenerateCredentialsAsync("default", "other", Cancellation)).Credentials;
        var (queries, lines) = (contexts!.Count, server.Log.Records.Count);

        for (var dial = 0; dial < Dials; dial++)
            await DialAsync(credentials);

        // The first ten are looked up; the rest fail in the handshake. The server itself asks the database now and then.
        Assert.InRange(contexts.Count - queries, 1, 40);
        Assert.InRange(server.Log.Records.Count - lines, 1, 20);
        await using var runner = await ConnectedRunner.StartAsync(good, _ => Task.CompletedTask);
        Assert.Null((await runner.Link.WaitForStartAsync(Cancellation)).Refusal);
    }

    /// <summary>As a hostile runner does: hangs up as soon as the gateway has said anything.</summary>
    private static async Task DialAsync(RunnerCredentials credentials)
    {
        Assert.True(HostAndPort.TryParse(credentials.Tunnel!.Endpoint, out var gateway));
        using var certificate = X509Certificate2.CreateFromPem(credentials.Tunnel.Certificate, credentials.Tunnel.PrivateKey);
        using var client = new TcpClient();
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(credentials.Tunnel.CaCertificates);
        try
        {
            await client.ConnectAsync(gateway.Host, gateway.Port, Cancellation);
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = gateway.Host,
                    ClientCertificates = [certificate],
                    EnabledSslProtocols = SslProtocols.Tls13,
                    ApplicationProtocols = [new SslApplicationProtocol(TunnelProtocol.Alpn)],
                    CertificateChainPolicy = policy,
                },
                Cancellation);
            _ = await stream.ReadAsync(new byte[100], Cancellation);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or SocketException)
        {
            // Refused in the handshake, or closed at once.
        }
    }
}
