using Microsoft.Extensions.Time.Testing;
using Planton.Api;
using Planton.Cli.Kubectl.Printing;
using Planton.Cli.Output;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Output;

/// <summary>Tables, ages and text of other people.</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("grüße 日本語 🚀", "grüße 日本語 🚀")]
    [InlineData("", "")]
    [InlineData("a\u0000b", "a\\u0000b")]
    [InlineData("a\u001b[31mb", "a\\u001b[31mb")]
    [InlineData("a\u007fb", "a\\u007fb")]
    [InlineData("a\u0085b", "a\\u0085b")]
    [InlineData("a\u009b2Jb", "a\\u009b2Jb")]
    [InlineData("a\u202ab\u202ec", "a\\u202ab\\u202ec")]
    [InlineData("a\u2066b\u2069c", "a\\u2066b\\u2069c")]
    [InlineData("a\u200eb\u200fc\u061cd", "a\\u200eb\\u200fc\\u061cd")]
    [InlineData("a\u2028b\u2029c", "a\\u2028b\\u2029c")]
    [InlineData("\u200d joins, \u00ad hyphenates, \ufeff begins", "\u200d joins, \u00ad hyphenates, \ufeff begins")]
    [InlineData("a\rb\tc\bd", "a\\u000db\\u0009c\\u0008d")]
    public void WhenTextIsShown_ATerminalFindsNothingToObey(string text, string expected)
    {
        Assert.Equal(expected, SafeText.OneLine(text));
        Assert.Equal(expected, SafeText.Lines(text));
    }

    [Fact]
    public void WhenTextHasLines_OnlyThatOfManyLinesKeepsThem()
    {
        Assert.Equal("a\\u000ab", SafeText.OneLine("a\nb"));
        Assert.Equal("a\nb", SafeText.Lines("a\nb"));
    }

    [Fact]
    public void WhenATableIsWritten_ColumnsAreThreeApartAndLinesHaveNoTail()
    {
        var output = new StringWriter();
        var table = new TextTable("NAME", "VALUE", "LAST");
        table.Add("🚀", null, "");
        table.Add("日本", "x", "end");
        table.Write(output);

        Assert.Equal("NAME   VALUE   LAST\n🚀\n日本     x       end\n", output.ToString());
    }

    [Fact]
    public void WhenACellHasALineBreak_TheTableKeepsItsLines()
    {
        var output = new StringWriter();
        var table = new TextTable("NAME");
        table.Add("a\nb\u001bc");
        table.Write(output);

        Assert.Equal("NAME\na\\u000ab\\u001bc\n", output.ToString());
    }

    [Theory]
    [InlineData(-60, "0s")]
    [InlineData(0, "0s")]
    [InlineData(0.9, "0s")]
    [InlineData(1, "1s")]
    [InlineData(119.9, "119s")]
    [InlineData(120, "2m")]
    [InlineData(7199, "119m")]
    [InlineData(7200, "2h")]
    [InlineData((48 * 3600) - 1, "47h")]
    [InlineData(48 * 3600, "2d")]
    [InlineData(1000 * 86400.0, "1000d")]
    public void WhenATimeIsLongAgo_ItsLargestUnitIsShown(double seconds, string expected) =>
        Assert.Equal(expected, Times.Ago(CliHarness.Now.AddSeconds(-seconds), new FakeTimeProvider(CliHarness.Now)));

    [Fact]
    public void WhenThereIsNoTime_NothingIsShown()
    {
        Assert.Equal("", Times.Ago(null, TimeProvider.System));
        Assert.Equal("", Times.Utc(null));
        Assert.Equal("2026-03-04T04:06:07Z", Times.Utc(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(1))));
    }

    [Theory]
    [InlineData(-2, "<invalid>")]
    [InlineData(-1, "0s")]
    [InlineData(0, "0s")]
    [InlineData(1, "1s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(125, "2m5s")]
    [InlineData(599, "9m59s")]
    [InlineData(601, "10m")]
    [InlineData(10_799, "179m")]
    [InlineData(10_800, "3h")]
    [InlineData(10_860, "3h1m")]
    [InlineData(28_799, "7h59m")]
    [InlineData(28_800, "8h")]
    [InlineData(172_799, "47h")]
    [InlineData(172_800, "2d")]
    [InlineData(176_400, "2d1h")]
    [InlineData(691_199, "7d23h")]
    [InlineData(691_200, "8d")]
    [InlineData(63_071_999, "729d")]
    [InlineData(63_072_000, "2y")]
    [InlineData(69_120_000, "2y70d")]
    [InlineData(252_287_999, "7y364d")]
    [InlineData(252_288_000, "8y")]
    [InlineData(3_153_600_000, "100y")]
    public void WhenAnAgeIsAtTheEdgeOfAUnit_KubectlsSideIsTaken(long seconds, string expected) =>
        Assert.Equal(expected, HumanDuration.Format(TimeSpan.FromSeconds(seconds)));
}
