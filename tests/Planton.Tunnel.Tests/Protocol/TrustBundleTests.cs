using System.Security.Cryptography.X509Certificates;
using Planton.Tunnel.Protocol;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Protocol;

public sealed class TrustBundleTests : IDisposable
{
    private readonly TestAuthority _first = new();
    private readonly TestAuthority _second = new();

    [Fact]
    public void ABundleComesOutOfItsHeaderAsItWas()
    {
        var bundle = Bundle(_first, _second);

        var read = TrustBundle.FromHeader(TrustBundle.ToHeader(bundle));

        Assert.NotNull(read);
        Assert.Equal(bundle.Select(authority => authority.Thumbprint), read.Select(authority => authority.Thumbprint));
        Assert.All(read, authority => Assert.False(authority.HasPrivateKey));
    }

    [Fact]
    public void TheHashIsOfWhatIsInIt_InWhateverOrder()
    {
        Assert.Equal(TrustBundle.Hash(Bundle(_first, _second)), TrustBundle.Hash(Bundle(_second, _first)));
        Assert.NotEqual(TrustBundle.Hash(Bundle(_first)), TrustBundle.Hash(Bundle(_second)));
        Assert.NotEqual(TrustBundle.Hash(Bundle(_first)), TrustBundle.Hash(Bundle(_first, _second)));
        Assert.Matches("^[0-9a-f]{64}$", TrustBundle.Hash(Bundle(_first)));
        Assert.Equal(TrustBundle.HashLength, TrustBundle.Hash([]).Length);
    }

    [Fact]
    public void AsManyAsMayOverlapAreTaken_AndNotOneMore()
    {
        var one = TrustBundle.ToHeader(Bundle(_first));

        Assert.Equal(TrustBundle.MaxAuthorities, TrustBundle.FromHeader(Repeat(TrustBundle.MaxAuthorities))!.Count);
        Assert.Null(TrustBundle.FromHeader(Repeat(TrustBundle.MaxAuthorities + 1)));

        string Repeat(int count) => string.Join(',', Enumerable.Repeat(one, count));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("no base64!")]
    [InlineData("bm8gY2VydGlmaWNhdGU=")]
    public void WhatHoldsNoCertificateIsNoBundle(string? header) => Assert.Null(TrustBundle.FromHeader(header));

    [Fact]
    public void ACertificateThatMaySignNothingIsNoAuthority()
    {
        var header = TrustBundle.ToHeader(Bundle(_first));
        var gateway = Convert.ToBase64String(_second.ServerCertificate.TargetCertificate.RawData);

        Assert.Null(TrustBundle.FromHeader(gateway));
        // Nor does a good one beside it let it in.
        Assert.Null(TrustBundle.FromHeader($"{header},{gateway}"));
    }

    [Fact]
    public void ATruncatedCertificateIsNone()
    {
        var whole = _first.TrustBundle[0].RawData;

        Assert.Null(TrustBundle.ReadCertificate(Convert.ToBase64String(whole.AsSpan(0, whole.Length / 2))));
        Assert.NotNull(TrustBundle.ReadCertificate(Convert.ToBase64String(whole)));
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    private static X509Certificate2Collection Bundle(params TestAuthority[] authorities) => [.. authorities.Select(authority => authority.TrustBundle[0])];
}
