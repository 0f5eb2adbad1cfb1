using System.Net;
using Planton.Server.ApiKeys;

namespace Planton.Server.Tests.ApiKeys;

public sealed class SourceAddressTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("::1", "::/64")]
    public void OfIPv6TheNetworkCounts(string address, string source) => Assert.Equal(source, AuthenticationFailures.SourceOf(IPAddress.Parse(address)));

    [Fact]
    public void WithoutAnAddressAllAreOne() => Assert.Equal("", AuthenticationFailures.SourceOf(null));
}
