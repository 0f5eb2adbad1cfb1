using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Planton.Api.Runners;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Life;

namespace Planton.EndToEnd.Tests.Refusals;

/// <summary>What the gateway does with peers that are no runners: each is refused, and each has a line of its own in the log.</summary>
[Trait(RequirementTests.Trait, "R2")]
public sealed class HandshakeRefusalTests(InstallationFixture fixture, AnotherControlPlane another) : IClassFixture<InstallationFixture>, IAsyncLifetime
{
    private const string RunnerName = "alpha";
    private const string Refused = "refused in the handshake";

    private readonly PlantonInstallation _installation = fixture.Installation;
    private readonly int _mark = fixture.Installation.Server.LogMark;
    private StolenAuthority _authority = null!;
    private RunnerCredentials _credentials = null!;

    private string Gateway => _installation.Server.Addresses.Tunnel;

    private string Identity => $"spiffe://{_authority.TrustDomain}/org/{OrganizationId}/runner/{_credentials.Metadata!.RunnerId}";

    private string OrganizationId { get; set; } = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _credentials = CredentialsFile.Read(await _installation.MakeCredentialsAsync(RunnerName));
        _authority = StolenAuthority.Open(_installation.Server.Data);
        OrganizationId = (await _installation.Api.GetCallerAsync(Token)).Organizations.Single(o => o.Name == PlantonInstallation.Organization).Id;
    }

    public ValueTask DisposeAsync()
    {
        _authority?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task WithTheCertificateThatWasIssued_TheGatewayOpensTheLink()
    {
        // The control: the same client, with nothing wrong, is spoken to. What the others do not get is worth something.
        using var certificate = X509Certificate2.CreateFromPem(_credentials.Tunnel!.Certificate, _credentials.Tunnel.PrivateKey);
        Assert.True(await RawTunnelClient.ConnectAsync(Gateway, certificate) > 0);
    }

    [Fact]
    public Task WithoutACertificate_ThePeerIsRefused() => IsRefusedAsync(null, [Refused, "showed no certificate"]);

    [Fact]
    public async Task WithTls12_ThePeerIsRefused()
    {
        using var certificate = _authority.Issue(Identity);
        await IsRefusedAsync(certificate, [Refused, "no common TLS 1.3 parameters"], SslProtocols.Tls12);
    }

    [Fact]
    public async Task WithACertificateOfItsOwnMaking_ThePeerIsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=runner", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(Identity));
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        await IsRefusedAsync(certificate, [Refused, "not from our authority"]);
    }

    [Fact]
    public async Task WithACertificateOfAnotherControlPlane_ThePeerIsRefused()
    {
        var other = await another.GetAsync();
        using var foreign = StolenAuthority.Open(other.Server.Data);
        using var certificate = foreign.Issue(Identity);
        await IsRefusedAsync(certificate, [Refused, "not from our authority"]);
    }

    [Fact]
    public async Task WithACertificateForServers_ThePeerIsRefused()
    {
        using var certificate = _authority.Issue(Identity, usage: "1.3.6.1.5.5.7.3.1");
        await IsRefusedAsync(certificate, [Refused, "not for this use"]);
    }

    [Theory]
    [InlineData("spiffe://{0}/org/{1}/runner/{2}/more")]
    [InlineData("spiffe://{0}/org/{1}/runners/{2}")]
    [InlineData("spiffe://{0}/runner/{2}")]
    [InlineData("https://{0}/org/{1}/runner/{2}")]
    public async Task WithAnotherPathInItsIdentity_ThePeerIsRefused(string form)
    {
        using var certificate = _authority.Issue(string.Format(null, form, _authority.TrustDomain, OrganizationId, _credentials.Metadata!.RunnerId));
        await IsRefusedAsync(certificate, [Refused, "carries no runner's identity"]);
    }

    [Fact]
    public async Task WithAnotherTrustDomain_ThePeerIsRefused()
    {
        using var certificate = _authority.Issue($"spiffe://elsewhere/org/{OrganizationId}/runner/{_credentials.Metadata!.RunnerId}");
        await IsRefusedAsync(certificate, [Refused, "another trust domain (elsewhere)"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("h2")]
    public async Task WithoutTheTunnelsProtocol_ThePeerIsRefused(string? alpn)
    {
        using var certificate = _authority.Issue(Identity);
        await IsRefusedAsync(certificate, [Refused], SslProtocols.Tls13, alpn);
    }

    [Fact]
    public async Task WithAnExpiredCertificate_ThePeerIsToldSoAndGetsNoLink()
    {
        using var certificate = _authority.Issue(Identity, days: 0);
        await RawTunnelClient.ConnectAsync(Gateway, certificate);
        await _installation.Server.LogLineAsync(_mark, "refused (expired)", _credentials.Metadata!.RunnerId!);
        await NothingIsConnectedAsync();
    }

    [Theory]
    [InlineData("spiffe://{0}/org/{1}/runner/0190-never-registered")]
    [InlineData("spiffe://{0}/platform/runner/0190-never-registered")]
    [InlineData("spiffe://{0}/org/another-organization/runner/{2}")]
    [InlineData("spiffe://{0}/platform/runner/{2}")]
    [InlineData("spiffe://{0}/org/{1}/runner/{2}")]
    public async Task WithARightCertificateThatWasNeverIssued_ThePeerIsToldSoAndGetsNoLink(string form)
    {
        // The last one is right in every field, and still not one of those that the control plane has handed out.
        var uri = string.Format(null, form, _authority.TrustDomain, OrganizationId, _credentials.Metadata!.RunnerId);
        using var certificate = _authority.Issue(uri);
        await RawTunnelClient.ConnectAsync(Gateway, certificate);
        await _installation.Server.LogLineAsync(_mark, "refused (unknown_runner)", uri);
        await NothingIsConnectedAsync();
    }

    private async Task IsRefusedAsync(
        X509Certificate2? certificate, string[] logged, SslProtocols protocols = SslProtocols.Tls13, string? alpn = "planton-tunnel/1")
    {
        var bytes = await RawTunnelClient.ConnectAsync(Gateway, certificate, protocols, alpn);
        Assert.True(bytes <= 0, $"the gateway sent {bytes} bytes");
        await _installation.Server.LogLineAsync(_mark, logged);
        await NothingIsConnectedAsync();
    }

    private async Task NothingIsConnectedAsync()
    {
        var runner = await _installation.Api.GetRunnerAsync(PlantonInstallation.Organization, RunnerName, Token);
        Assert.Equal(RunnerStatus.NeverConnected, runner.Status);
        Assert.Empty(runner.Tunnels);
    }
}
