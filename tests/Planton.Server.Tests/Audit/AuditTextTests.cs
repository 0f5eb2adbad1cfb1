using Planton.Server.ApiKeys;
using Planton.Server.Audit;

namespace Planton.Server.Tests.Audit;

public sealed class AuditTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("runner/prod")]
    [InlineData("connection/eks GET /api/v1/pods")]
    [InlineData("API key 012345678901 (deadbeef)")]
    [InlineData("pck_")]
    [InlineData("pck_012345678901")]
    [InlineData("pck_short of anything")]
    public void OrdinaryTextStaysAsItIs(string text) => Assert.Equal(text, AuditText.Clean(text));

    [Theory]
    [InlineData("runner/x\0y", @"runner/x\u0000y")]
    [InlineData("GET /a\nforged", @"GET /a\u000aforged")]
    [InlineData("\u001b[2J\u009b\u0085", @"\u001b[2J\u009b\u0085")]
    [InlineData("a\u202eb\u2028c\u200f", @"a\u202eb\u2028c\u200f")]
    public void WhatATerminalObeysOrADatabaseCannotStore_BecomesItsCode(string text, string expected) => Assert.Equal(expected, AuditText.Clean(text));

    [Theory]
    [InlineData("{0}")]
    [InlineData("organization/{0}")]
    [InlineData("x{0}y")]
    [InlineData("{0}{0}")]
    [InlineData("/api/{0}/b?{0}")]
    [InlineData("a\n{0}\n")]
    public void OfAKeyOnlyThePublicPartStays(string around)
    {
        var key = ApiKeyText.Generate().Text;
        var clean = AuditText.Clean(string.Format(null, around, key));
        Assert.DoesNotContain(key[16..24], clean, StringComparison.Ordinal);
        Assert.Contains(key[..16] + "…", clean, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(17)]
    [InlineData(30)]
    [InlineData(53)]
    public void NeitherDoesThatOfACutOne(int length)
    {
        var key = ApiKeyText.Generate().Text;
        Assert.Equal(key[..16] + "…", AuditText.Clean(key[..length]));
    }

    [Fact]
    public void AKeyAtAnyPlaceOfALongTextIsMasked()
    {
        var key = ApiKeyText.Generate().Text;
        for (var before = AuditText.MaxLength - 80; before <= AuditText.MaxLength + 80; before++)
        {
            var clean = AuditText.Clean(new string('/', before) + key + new string('/', 5_000));
            Assert.DoesNotContain(key[16..20], clean, StringComparison.Ordinal);
            Assert.InRange(clean.Length, AuditText.MaxLength, AuditText.MaxLength + 1);
        }

        for (var before = (2 * AuditText.MaxLength) - 60; before <= 2 * AuditText.MaxLength; before++)
            Assert.DoesNotContain(key[16..20], AuditText.Clean(new string('/', before) + key), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2048, 2048)]
    [InlineData(2049, 2049)]
    [InlineData(4096, 2049)]
    [InlineData(1_000_000, 2049)]
    public void ItIsCut_AndSaysSo(int length, int kept)
    {
        var clean = AuditText.Clean(new string('r', length));
        Assert.Equal(kept, clean.Length);
        Assert.Equal(length > 2048, clean.EndsWith('…'));
    }
}
