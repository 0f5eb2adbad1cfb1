using System.Net;
using Planton.Runner.Providers.Kubernetes.Inline;

namespace Planton.Runner.Tests;

public sealed class AddressRangeTests
{
    [Theory]
    [InlineData("10.20.0.0/16", "10.20.255.1", true)]
    [InlineData("10.20.0.0/16", "10.21.0.1", false)]
    [InlineData("10.20.0.0/16,192.0.2.7/32", "192.0.2.7", true)]
    [InlineData("10.20.0.0/16", "::ffff:10.20.0.1", true)]
    [InlineData("10.20.0.0/16", "::10.20.0.1", false)]
    [InlineData("fd12::/32", "fd12::1", true)]
    [InlineData("fd12::/32", "fd13::1", false)]
    [InlineData("::/0", "10.20.0.1", false)]
    [InlineData("0.0.0.0/0", "192.0.2.7", true)]
    [InlineData("0.0.0.0/0", "127.0.0.1", false)]
    [InlineData("0.0.0.0/0", "127.9.9.9", false)]
    [InlineData("0.0.0.0/0", "0.0.0.0", false)]
    [InlineData("0.0.0.0/0", "::ffff:127.0.0.1", false)]
    [InlineData("::/0", "::1", false)]
    [InlineData("::/0", "::", false)]
    [InlineData("127.0.0.0/8", "127.0.0.1", true)]
    [InlineData("0.0.0.0/0,127.0.0.1/32", "127.0.0.1", true)]
    [InlineData("::1/128", "::1", true)]
    public void AnAddressIsInIt_AndThisMachineOnlyWhereItIsMeant(string ranges, string address, bool contained) =>
        Assert.Equal(contained, AddressRanges.Parse(ranges)!.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("10.0.0.0/8,")]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/8 192.0.2.0/24")]
    [InlineData("10.0.0.0/40")]
    [InlineData("all")]
    public void WhatIsNoListOfRanges_IsNotTakenForOne(string text) => Assert.Null(AddressRanges.Parse(text));

    [Fact]
    public void ThereAreNotEndlesslyMany()
    {
        Assert.NotNull(AddressRanges.Parse(string.Join(',', Enumerable.Repeat("10.0.0.0/8", 1024))));
        Assert.Null(AddressRanges.Parse(string.Join(',', Enumerable.Repeat("10.0.0.0/8", 1025))));
    }
}
