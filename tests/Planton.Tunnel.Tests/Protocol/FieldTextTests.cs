using Planton.Tunnel.Protocol;

namespace Planton.Tunnel.Tests.Protocol;

public sealed class FieldTextTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("a\tb c~!", true)]
    [InlineData("\r", false)]
    [InlineData("a\nb", false)]
    [InlineData("\u0000", false)]
    [InlineData("\u001f", false)]
    [InlineData("\u007f", false)]
    [InlineData("\u0080", false)]
    [InlineData("\u00e9", false)]
    [InlineData("\u0100", false)]
    public void AValue(string text, bool valid) => Assert.Equal(valid, FieldText.IsValue(text));

    [Theory]
    [InlineData("X-Odd", true)]
    [InlineData("a!#$%&'*+-.^_`|~0Z", true)]
    [InlineData("", false)]
    [InlineData(":path", false)]
    [InlineData("a b", false)]
    [InlineData("a(b", false)]
    [InlineData("a\u00e9", false)]
    [InlineData("a\u0000", false)]
    public void AName(string text, bool valid) => Assert.Equal(valid, FieldText.IsName(text));
}
