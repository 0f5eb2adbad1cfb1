using System.Security.Cryptography;
using System.Text;
using Planton.Server.ApiKeys;

namespace Planton.Server.Tests.ApiKeys;

public sealed class ApiKeyTextTests
{
    [Fact]
    public void AKeyHasThePublishedForm()
    {
        var key = ApiKeyText.Generate();
        Assert.Matches("^pck_[0-9A-Za-z]{50}$", key.Text);
        Assert.Equal(key.Id, key.Text[4..16]);
        Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes(key.Text[16..48])), key.SecretHash);
        Assert.StartsWith(key.Fingerprint, Convert.ToHexStringLower(key.SecretHash), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsMadeIsRead()
    {
        for (var round = 0; round < 200; round++)
        {
            var key = ApiKeyText.Generate();
            Assert.Equal(ApiKeyForm.Good, ApiKeyText.TryParse(key.Text, out var id, out var secret));
            Assert.Equal(key.Id, id);
            Assert.Equal(key.SecretHash, ApiKeyText.Hash(secret));
        }
    }

    [Fact]
    public void KeysDiffer()
    {
        var keys = Enumerable.Range(0, 1000).Select(_ => ApiKeyText.Generate()).ToList();
        Assert.Equal(1000, keys.Select(key => key.Id).Distinct().Count());
        Assert.Equal(1000, keys.Select(key => key.Text[16..48]).Distinct().Count());
    }

    [Fact]
    public void AnyMistypedCharacterIsNoticed()
    {
        var text = ApiKeyText.Generate().Text;
        for (var place = ApiKeyText.Prefix.Length; place < text.Length; place++)
        {
            var mistyped = text.ToCharArray();
            mistyped[place] = mistyped[place] == 'x' ? 'y' : 'x';
            Assert.Equal(ApiKeyForm.WrongChecksum, ApiKeyText.TryParse(mistyped, out var id, out var secret));
            Assert.Equal(("", ""), (id, secret));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("pck_")]
    [InlineData("pck_short")]
    [InlineData("ghp_0123456789012345678901234567890123456789012345678901")]
    [InlineData("pck_012345678901234567890123456789012345678901234567é9")]
    [InlineData("pck_0123456789 1234567890123456789012345678901234567890")]
    [InlineData("PCK_01234567890123456789012345678901234567890123456789")]
    public void WhatIsNoKeyIsMalformed(string text) => Assert.Equal(ApiKeyForm.Malformed, ApiKeyText.TryParse(text, out _, out _));

    [Fact]
    public void ACutKeyIsMalformed() => Assert.Equal(ApiKeyForm.Malformed, ApiKeyText.TryParse(ApiKeyText.Generate().Text.AsSpan()[..^1], out _, out _));

    [Fact]
    public void TheTextOfAnIssuedKeyIsNotInItsString()
    {
        var key = ApiKeyText.Generate();
        Assert.DoesNotContain(key.Text, $"{key}", StringComparison.Ordinal);
        Assert.DoesNotContain(key.Text[16..48], $"{key}", StringComparison.Ordinal);
        Assert.Contains(key.Id, $"{key}", StringComparison.Ordinal);
    }
}
