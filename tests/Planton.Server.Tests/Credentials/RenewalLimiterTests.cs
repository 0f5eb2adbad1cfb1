using Microsoft.Extensions.Time.Testing;
using Planton.Server.CertificateAuthority;
using Planton.Server.Credentials;

namespace Planton.Server.Tests.Credentials;

public sealed class RenewalLimiterTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RenewalLimiter _limiter;

    public RenewalLimiterTests() => _limiter = new RenewalLimiter(new CertificateOptions { RenewalsPerMinute = 3 }, _time);

    [Fact]
    public void UpToTheLimitNothingIsTooMuch_AndThenTheExcessGrows() =>
        Assert.Equal([0, 0, 0, 1, 2], Enumerable.Range(0, 5).Select(_ => _limiter.TakeExcess("one")));

    [Fact]
    public void OneRunnersFloodTakesNothingFromAnother()
    {
        for (var attempt = 0; attempt < 100; attempt++)
            _limiter.TakeExcess("one");

        Assert.Equal(0, _limiter.TakeExcess("two"));
        Assert.Equal(98, _limiter.TakeExcess("one"));
    }

    [Fact]
    public void AfterAMinuteItIsCountedAnew_AndNotBefore()
    {
        for (var attempt = 0; attempt < 4; attempt++)
            _limiter.TakeExcess("one");
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(2, _limiter.TakeExcess("one"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, _limiter.TakeExcess("one"));
    }
}
