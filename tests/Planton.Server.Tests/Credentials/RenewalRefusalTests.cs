using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Credentials;

/// <summary>What a renewal may not be used for. Each is asked as a runner that does not keep to the protocol would.</summary>
public abstract class RenewalRefusalTests(SharedServer shared) : RenewalTest(shared)
{
    [Fact]
    public async Task ARequestIsGoodOnce_ForAllRunnersTogether_AndTheKeyInUseIsNoNewKey()
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
        var runner = await ConnectAsync();
        var tunnel = await TunnelOfAsync(runner);
        var id = runner.Credentials.Metadata!.Id;
        await Server.QueryAsync(context => context.RunnerCredentials.Where(credential => credential.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(credential => credential.RevokedAt, TimeProvider.System.GetUtcNow()), Cancellation));

        Assert.Equal(RenewalCode.Revoked, (await AskAsync(tunnel, SigningRequest())).Code);
        Assert.Equal(1, await CertificatesAsync(runner));
    }

    [Fact]
    public async Task RevocationsAndRenewalsAtTheSameTime_LeaveNoCertificateThatOpensATunnel()
    {
        var decided = 0;
        for (var round = 0; round < 30 && decided < 5; round++)
        {
            var runner = await ConnectAsync($"runner-{round}", configure: options => options.RenewalShare = 10);
            var tunnel = await TunnelOfAsync(runner);
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSigningRequest();
            var renewing = AskAsync(tunnel, request);
            await Admin.RevokeCredentialAsync(Org, $"runner-{round}", runner.Credentials.Metadata!.Id!, Cancellation);
            CertificateRenewal answer;
            try
            {
                answer = await renewing;
            }
            catch (CryptographicException) when (tunnel.Closed.IsCancellationRequested)
            {
                // A closed tunnel disposes its certificate as soon as its session ends. A session waits for its renewals; this test has none.
                Assert.Equal(1, await CertificatesAsync(runner));
                continue;
            }

            decided++;
            if (answer.Certificate is null)
            {
                Assert.Equal(RenewalCode.Revoked, answer.Code);
                continue;
            }

            var stolen = await ConnectAsync(
                credentials: runner.Credentials, configure: options => options.Certificate = answer.Certificate.CopyWithPrivateKey(key));
            Assert.Equal(RefusalCode.Revoked, (await stolen.Link.Refused.WaitAsync(TimeSpan.FromSeconds(10), Cancellation)).Code);
        }

        Assert.Equal(5, decided);
    }

    [Fact]
    public async Task ARunnerThatWasMovedToAnotherOrganizationIsNotRenewedInItsOldOne()
    {
        var (_, otherId) = await NewOrganizationAsync("other");
        var runner = await ConnectAsync();
        var tunnel = await TunnelOfAsync(runner);
        var runnerId = runner.Credentials.Metadata!.RunnerId;
        await Server.QueryAsync(context => context.Runners.Where(stored => stored.Id == runnerId).ExecuteUpdateAsync(
            set => set.SetProperty(stored => stored.OrganizationId, otherId), Cancellation));

        Assert.Equal(RenewalCode.Unknown, (await AskAsync(tunnel, SigningRequest())).Code);
        Assert.Equal(1, await CertificatesAsync(runner));
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
}

public sealed class RenewalRefusalTestsOnSqlite(FewRenewalsOnSqlite shared) : RenewalRefusalTests(shared), IClassFixture<FewRenewalsOnSqlite>;

public sealed class RenewalRefusalTestsOnPostgreSql(FewRenewalsOnPostgreSql shared) : RenewalRefusalTests(shared), IClassFixture<FewRenewalsOnPostgreSql>;
