namespace Planton.Api.Tests;

public sealed class SafeTextTests
{
    [Fact]
    public void EveryControlCharacter_AndEachMarkThatReordersOrBreaksLines_BecomesItsCode()
    {
        var replaced = Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code)
            .Where(c => SafeText.OneLine($"a{c}b") != $"a{c}b").ToList();

        Assert.Equal(
            [
                .. Range(0, 0x1F), .. Range(0x7F, 0x9F), '\u061C', '\u200E', '\u200F', .. Range(0x2028, 0x202E), .. Range(0x2066, 0x2069),
            ],
            replaced);
        Assert.All(replaced, c => Assert.Equal($"a\\u{(int)c:x4}b", SafeText.OneLine($"a{c}b")));
    }

    [Fact]
    public void LinesKeepLineFeedsAndNothingElse()
    {
        Assert.Equal("a\nb\\u000dc\\u0009\n", SafeText.Lines("a\nb\rc\t\n"));
        Assert.Equal("a\\u000ab", SafeText.OneLine("a\nb"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("grüße 日本語 🚀")]
    [InlineData("\u00ad\u200d\u200c\ufeff")]
    public void OtherTextIsTheSameObject(string text)
    {
        Assert.Same(text, SafeText.OneLine(text));
        Assert.Same(text, SafeText.Lines(text));
    }

    [Theory]
    [InlineData("\u001b")]
    [InlineData("a\u001b\u009bb\nc")]
    [InlineData("no end\u2028")]
    [InlineData("")]
    public void PiecesAreWrittenAsTheWholeIs(string text)
    {
        using var output = new StringWriter();

        SafeText.WriteLines(output, text);

        Assert.Equal(SafeText.Lines(text), output.ToString());
    }

    private static IEnumerable<char> Range(int first, int last) => Enumerable.Range(first, last - first + 1).Select(code => (char)code);
}
