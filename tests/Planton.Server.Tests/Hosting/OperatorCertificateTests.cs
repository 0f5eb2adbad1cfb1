using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Hosting;

/// <summary>The API with a certificate of the operator's.</summary>
public sealed class OperatorCertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TheGivenCertificateIsServed_AndPlainHttpIsNot()
    {
        var (certificate, key, thumbprint) = MakeFiles();
        await using var server = await ServerFixture.StartInAsync(
            _folder, options => options with { TlsCertificateFile = certificate, TlsKeyFile = key });
        using var handler = new SocketsHttpHandler();
        // This certificate and no other.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == thumbprint;
        using var client = new HttpClient(handler) { BaseAddress = server.TlsUrl, DefaultRequestVersion = HttpVersion.Version20 };
        Assert.Equal("ok\n", await client.GetStringAsync("healthz/live", Cancellation));
        using var plain = server.HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetStringAsync("healthz/live", Cancellation));
    }

    [Fact]
    public async Task AddressesAndThePublicUrlAreHttps_AndNoCaOfOursIsGiven()
    {
        var (certificate, key, _) = MakeFiles();
        await using var server = await ServerFixture.StartInAsync(
            _folder, options => options with { TlsCertificateFile = certificate, TlsKeyFile = key });
        var endpoints = server.Get<PublicEndpoints>();
        Assert.Equal($"https://{server.Http}", endpoints.Url);
        Assert.Equal(endpoints.Url, endpoints.KubernetesUrl);
        Assert.Null(endpoints.UrlCaCertificates);
        Assert.Null(endpoints.KubernetesCaCertificates);
        var addresses = await File.ReadAllTextAsync(Path.Combine(_folder.Data, "addresses.json"), Cancellation);
        Assert.Contains($"https://{server.Http}", addresses, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyOfAnotherCertificateIsRefusedAtStart()
    {
        var (certificate, _, _) = MakeFiles("one");
        var (_, key, _) = MakeFiles("two");
        var refused = await Assert.ThrowsAsync<StartupException>(() => ServerFixture.StartInAsync(
            _folder, options => options with { TlsCertificateFile = certificate, TlsKeyFile = key }));
        Assert.Contains("--tls-cert", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", refused.Message, StringComparison.Ordinal);
    }

    private (string Certificate, string Key, string Thumbprint) MakeFiles(string name = "tls")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=operator", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var (certificateFile, keyFile) = (_folder.File(name + ".pem"), _folder.File(name + ".key"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile, certificate.GetCertHashString());
    }
}
