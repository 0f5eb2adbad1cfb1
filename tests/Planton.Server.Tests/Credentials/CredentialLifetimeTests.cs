using Planton.Api.Credentials;
using Planton.Api.Errors;
using Planton.Server.CertificateAuthority;
using Planton.Server.Credentials;

namespace Planton.Server.Tests.Credentials;

public sealed class CredentialLifetimeTests
{
    private static readonly CertificateOptions Options = new();

    private static long Least => (long)(Options.ClockSkew + Options.LeastUse).TotalSeconds;

    private static long Most => (long)Options.LongestLifetime.TotalSeconds;

    [Fact]
    public void WithoutALifetimeThereIsNothingToRefuse()
    {
        Assert.Null(CredentialLifetime.Check(null, Options));
        Assert.Null(CredentialLifetime.Of(null));
    }

    [Fact]
    public void FromTheAllowedSkewToTheLongestLifeItIsGranted()
    {
        foreach (var seconds in (long[])[Least, Least + 1, 86_400, Most])
        {
            Assert.Null(CredentialLifetime.Check(new GenerateCredentialsRequest(seconds), Options));
            Assert.Equal(TimeSpan.FromSeconds(seconds), CredentialLifetime.Of(new GenerateCredentialsRequest(seconds)));
        }
    }

    [Fact]
    public void AnythingShorterThanTheAllowedSkewAndTheLeastUseIsRefused_WithWhatToAskFor()
    {
        foreach (var seconds in (long[])[Least - 1, (long)Options.ClockSkew.TotalSeconds, 1, 0, -1, long.MinValue])
        {
            var refused = CredentialLifetime.Check(new GenerateCredentialsRequest(seconds), Options);
            Assert.Equal(ErrorCode.InvalidArgument, refused?.Code);
            Assert.Contains("clocks may differ by 5 minutes", refused!.Detail, StringComparison.Ordinal);
            Assert.Contains("--valid-for 10m", refused.Hint, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AnythingLongerThanTheLongestLifetimeIsRefused_WithWhatToAskFor()
    {
        foreach (var seconds in (long[])[Most + 1, long.MaxValue])
        {
            var refused = CredentialLifetime.Check(new GenerateCredentialsRequest(seconds), Options);
            Assert.Equal(ErrorCode.InvalidArgument, refused?.Code);
            Assert.Contains("--valid-for 397d", refused!.Hint, StringComparison.Ordinal);
        }
    }
}
