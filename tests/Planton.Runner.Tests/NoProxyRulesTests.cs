using Planton.Runner.Network;

namespace Planton.Runner.Tests;

public sealed class NoProxyRulesTests
{
    [Theory]
    [InlineData("10.1.2.3/8", "10.96.0.1", true)]
    [InlineData("10.1.2.3/8", "11.0.0.1", false)]
    [InlineData("192.168.0.0/33", "192.168.0.1", false)]
    [InlineData("0.0.0.0/0", "8.8.8.8", true)]
    [InlineData("0.0.0.0/0", "fd00::1", false)]
    [InlineData("0.0.0.0/0", "example.com", false)]
    [InlineData("fd00::1/8", "fd12::1", true)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("10.0.0.5", "::ffff:10.0.0.5", true)]
    public void NetworksAreReadAsGoReadsThem(string rules, string host, bool covered) =>
        Assert.Equal(covered, new NoProxyRules(rules).Covers(host, 443));

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1.example.com", false)]
    [InlineData("0.0.1", "10.0.0.1", false)]
    [InlineData("1", "10.0.0.1", false)]
    [InlineData("10.0.0.1:6443", "10.0.0.1", false)]
    [InlineData("[10.0.0.1]", "10.0.0.1", true)]
    [InlineData("fd00::1", "[fd00::1]", true)]
    [InlineData("fd00:0:0::1", "fd00::1", true)]
    [InlineData("fd00::1", "fd00::2", false)]
    public void AnAddressIsComparedAsAnAddressAndNotAsText(string rules, string host, bool covered) =>
        Assert.Equal(covered, new NoProxyRules(rules).Covers(host, 443));

    [Theory]
    [InlineData(".")]
    [InlineData("[]")]
    [InlineData(":443")]
    [InlineData("/")]
    [InlineData("*.")]
    [InlineData("http://example.com")]
    [InlineData("example.com:notaport")]
    [InlineData("example.com:99999999999")]
    [InlineData(",,, ,")]
    public void ARuleThatMeansNothingCoversNothing(string rules)
    {
        var read = new NoProxyRules(rules);
        Assert.All(["example.com", "a.example.com", "10.0.0.1", "fd00::1"], host => Assert.False(read.Covers(host, 443), host));
    }

    [Theory]
    [InlineData("a.test,b.test , .c.test,10.0.0.0/8", "x.c.test", true)]
    [InlineData("a.test,*", "anything.else", true)]
    [InlineData("*.a.test", "a.test", false)]
    public void RulesAreAList(string rules, string host, bool covered) =>
        Assert.Equal(covered, new NoProxyRules(rules).Covers(host, 443));

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("127.1.2.3")]
    [InlineData("[::1]")]
    [InlineData("::ffff:127.0.0.1")]
    public void LoopbackNeedsNoRule(string host) => Assert.True(new NoProxyRules(null).Covers(host, 1));

    [Theory]
    [InlineData("notlocalhost")]
    [InlineData("localhost.example.com")]
    [InlineData("128.0.0.1")]
    public void WhatOnlyLooksLikeLoopbackDoesNeedOne(string host) => Assert.False(new NoProxyRules(null).Covers(host, 1));
}
