using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Identity;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Credentials;

/// <summary>What is taken of a runner's signing request, and what of it is refused. One database is enough.</summary>
public sealed class SigningRequestTests(OnSqlite shared) : RenewalTest(shared), IClassFixture<OnSqlite>
{
    public static TheoryData<string> BadRequests => ["rsa", "p384", "another curve", "nothing", "text", "too much", "wrong signature", "cut"];

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task OnlyASignedRequestForAKeyOnP256IsTaken(string kind)
    {
        var runner = await ConnectAsync();
        var tunnel = await TunnelOfAsync(runner);

        var answer = await AskAsync(tunnel, Make(kind));

        Assert.Equal((RenewalCode.Invalid, null), (answer.Code, answer.Certificate));
        Assert.Equal(1, await CertificatesAsync(runner));
        var record = Assert.Single(await RecordsAsync());
        Assert.Equal((AuditOutcome.Denied, RenewalCode.Invalid), (record.Outcome, record.Code));
    }

    [Fact]
    public async Task NoNameAndNoExtensionIsTakenFromARequest()
    {
        var other = await ConnectAsync("other");
        var tunnel = await TunnelOfAsync(await ConnectAsync());
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri((await TunnelOfAsync(other)).Identity.ToString()));
        names.AddDnsName("gateway.example.com");

        var answer = await AskAsync(tunnel, SigningRequest(request =>
        {
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        }));

        Assert.Equal(tunnel.Identity, CertificateIdentity.Read(answer.Certificate!));
        Assert.Equal(tunnel.Identity.ToString(), answer.Certificate!.SingleUri());
        Assert.False(answer.Certificate!.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal("1.3.6.1.5.5.7.3.2", answer.Certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages[0].Value);
        Assert.Equal("CN=Planton runner", answer.Certificate.Subject);
    }

    [Fact]
    public async Task ARenewedCertificateToleratesAClockThatIsSlow_AsTheFirstOneDoes()
    {
        var tunnel = await TunnelOfAsync(await ConnectAsync());
        var certificate = (await AskAsync(tunnel, SigningRequest())).Certificate!;
        Assert.InRange(
            TimeProvider.System.GetUtcNow().UtcDateTime - certificate.NotBefore.ToUniversalTime(), TimeSpan.FromMinutes(4.9), TimeSpan.FromMinutes(5.5));
    }

    private static byte[] Make(string kind)
    {
        var good = SigningRequest();
        switch (kind)
        {
            case "rsa":
                using (var rsa = RSA.Create(2048))
                    return new CertificateRequest("CN=x", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest();
            case "p384":
                using (var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384))
                    return new CertificateRequest("CN=x", p384, HashAlgorithmName.SHA384).CreateSigningRequest();
            case "another curve":
                using (var other = ECDsa.Create(ECCurve.CreateFromFriendlyName("secp256k1")))
                    return new CertificateRequest("CN=x", other, HashAlgorithmName.SHA256).CreateSigningRequest();
            case "nothing":
                return [];
            case "text":
                return "-----BEGIN CERTIFICATE REQUEST-----"u8.ToArray();
            case "too much":
                return [.. good, 0];
            case "cut":
                return good[..^10];
            default:
                good[^1] ^= 1;
                return good;
        }
    }
}
