namespace Planton.Api.Tests;

public sealed class HostAndPortTests
{
    [Theory]
    [InlineData("example.com:443", "example.com", 443)]
    [InlineData("10.0.0.1:8443", "10.0.0.1", 8443)]
    [InlineData("[::1]:443", "::1", 443)]
    [InlineData("[2001:db8::1]:0", "2001:db8::1", 0)]
    [InlineData("localhost:65535", "localhost", 65535)]
    public void AHostWithAPortIsRead_AndWrittenBackTheSame(string text, string host, int port)
    {
        Assert.True(HostAndPort.TryParse(text, out var value));
        Assert.Equal(new HostAndPort(host, port), value);
        Assert.Equal(text, value.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("example.com")]
    [InlineData(":443")]
    [InlineData("example.com:")]
    [InlineData("example.com:65536")]
    [InlineData("example.com:-1")]
    [InlineData("example.com:+1")]
    [InlineData("example.com: 443")]
    [InlineData("example.com:99999999999")]
    [InlineData("::1:443")]
    [InlineData("::1")]
    [InlineData("https://example.com:443")]
    [InlineData("exa mple.com:443")]
    [InlineData("[]:443")]
    public void AnythingElseIsRefused(string? text) => Assert.False(HostAndPort.TryParse(text, out _));
}
