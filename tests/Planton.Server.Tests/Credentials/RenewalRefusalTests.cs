using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.CertificateAuthority;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Identity;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Credentials;

/// <summary>What a renewal may not be used for. Each is asked as a runner that does not keep to the protocol would.</summary>
public sealed class RenewalRefusalTests : RenewalTest
{
    private protected override CertificateOptions Certificates { get; } = new() { RenewalsPerMinute = 20 };

    public static TheoryData<string> BadRequests => ["rsa", "p384", "another curve", "nothing", "text", "too much", "wrong signature", "cut"];

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task OnlyASignedRequestForAKeyOnP256IsTaken(string kind)
    {
        var tunnel = await TunnelOfAsync(await ConnectAsync());
        var before = await CertificatesAsync();

        var answer = await AskAsync(tunnel, Make(kind));

        Assert.Equal((RenewalCode.Invalid, null), (answer.Code, answer.Certificate));
        Assert.Equal(before, await CertificatesAsync());
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

    [Fact]
    public async Task ARequestIsGoodOnce_ForWhomeverSendsIt_AndTheKeyInUseIsNoNewKey()
    {
        var one = await ConnectAsync();
        var tunnel = await TunnelOfAsync(one);
        var other = await TunnelOfAsync(await ConnectAsync("other"));
        var request = SigningRequest();
        Assert.NotNull((await AskAsync(tunnel, request)).Certificate);

        Assert.Equal(RenewalCode.Replayed, (await AskAsync(tunnel, request)).Code);
        Assert.Equal(RenewalCode.Replayed, (await AskAsync(other, request)).Code);
        using var own = one.Credentials.Certificate();
        using var key = own.GetECDsaPrivateKey()!;
        var again = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSigningRequest();
        Assert.Equal(RenewalCode.Replayed, (await AskAsync(tunnel, again)).Code);
    }

    [Fact]
    public async Task ACredentialThatWasRevokedMeanwhileIsNotRenewed()
    {
        var tunnel = await TunnelOfAsync(await ConnectAsync());
        await Server.QueryAsync(context => context.RunnerCredentials.ExecuteUpdateAsync(
            set => set.SetProperty(credential => credential.RevokedAt, TimeProvider.System.GetUtcNow()), Cancelled));

        Assert.Equal(RenewalCode.Revoked, (await AskAsync(tunnel, SigningRequest())).Code);
        Assert.Equal(1, await CertificatesAsync());
    }

    [Fact]
    public async Task RevocationsAndRenewalsAtTheSameTime_LeaveNoCertificateThatOpensATunnel()
    {
        for (var round = 0; round < 5; round++)
        {
            var runner = await ConnectAsync($"runner-{round}", configure: options => options.RenewalShare = 10);
            var tunnel = await TunnelOfAsync(runner);
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSigningRequest();
            var renewing = AskAsync(tunnel, request);
            await Server.Admin.RevokeCredentialAsync("default", $"runner-{round}", runner.Credentials.Metadata!.Id!, Cancelled);
            var answer = await renewing;
            if (answer.Certificate is null)
            {
                Assert.Equal(RenewalCode.Revoked, answer.Code);
                continue;
            }

            var stolen = await ConnectAsync(
                credentials: runner.Credentials, configure: options => options.Certificate = answer.Certificate.CopyWithPrivateKey(key));
            Assert.Equal(RefusalCode.Revoked, (await stolen.Link.Refused.WaitAsync(TimeSpan.FromSeconds(10), Cancelled)).Code);
        }
    }

    [Fact]
    public async Task ARunnerThatWasMovedToAnotherOrganizationIsNotRenewedInItsOldOne()
    {
        await Server.Admin.CreateOrganizationAsync("other", Cancelled);
        var tunnel = await TunnelOfAsync(await ConnectAsync());
        await Server.QueryAsync(async context =>
        {
            var other = await context.Organizations.SingleAsync(organization => organization.Name == "other", Cancelled);
            return await context.Runners.ExecuteUpdateAsync(set => set.SetProperty(runner => runner.OrganizationId, other.Id), Cancelled);
        });

        Assert.Equal(RenewalCode.Unknown, (await AskAsync(tunnel, SigningRequest())).Code);
        Assert.Equal(1, await CertificatesAsync());
    }

    [Fact]
    public async Task AFloodIsBounded_AndFillsNeitherTheTrailNorOtherRunnersTime()
    {
        var tunnel = await TunnelOfAsync(await ConnectAsync());
        var other = await TunnelOfAsync(await ConnectAsync("other"));

        var codes = new List<string?>();
        for (var attempt = 0; attempt < 100; attempt++)
            codes.Add((await AskAsync(tunnel, SigningRequest())).Code);

        Assert.Equal(20, codes.Count(code => code is null));
        Assert.Equal(80, codes.Count(code => code == RenewalCode.Busy));
        Assert.Equal(21, (await RecordsAsync()).Count);
        Assert.Null((await AskAsync(other, SigningRequest())).Code);
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
