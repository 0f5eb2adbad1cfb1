using Planton.Runner.Health;
using Planton.Tunnel.Runner;

namespace Planton.Runner.Tests;

public sealed class CertificateHealthTests
{
    private static readonly DateTimeOffset Ends = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Fact]
    public void BeforeTheFirstCertificateIsKnown_ItStarts() => Assert.Equal((503, "starting"), new CertificateHealth(() => null).Describe());

    [Fact]
    public void AGoodOneTellsWhenItEndsAndWhenItIsRenewed()
    {
        var (status, text) = new CertificateHealth(() => new RenewalStatus(Ends, Ends.AddDays(-30), 0, null)).Describe();

        Assert.Equal(200, status);
        Assert.Equal("the certificate ends at 2026-03-04 05:06:07Z; it is renewed at 2026-02-02 05:06:07Z", text);
    }

    [Fact]
    public void AFailedRenewalIsTold_WithTheReasonAndTheNextAttempt()
    {
        var (status, text) = new CertificateHealth(() => new RenewalStatus(Ends, Ends.AddDays(-1), 3, "the gateway did not answer")).Describe();

        Assert.Equal(503, status);
        Assert.Equal(
            "the certificate ends at 2026-03-04 05:06:07Z; it is renewed at 2026-03-03 05:06:07Z; 3 attempt(s) failed, the last one because: the gateway did not answer",
            text);
    }
}
