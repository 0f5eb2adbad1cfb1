using System.Globalization;
using Planton.Runner.Commands;

namespace Planton.Runner.Tests;

public sealed class DurationTests
{
    [Theory]
    [InlineData("500ms", "00:00:00.5")]
    [InlineData("30s", "00:00:30")]
    [InlineData("1.5s", "00:00:01.5")]
    [InlineData("2m", "00:02:00")]
    [InlineData("1m30s", "00:01:30")]
    [InlineData("24h", "1.00:00:00")]
    public void DurationsAreReadAsPeopleWriteThem(string text, string expected) =>
        Assert.Equal(TimeSpan.Parse(expected, CultureInfo.InvariantCulture), Duration.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("-1s")]
    [InlineData("s")]
    [InlineData("1d")]
    [InlineData("25h")]
    [InlineData("1 s")]
    [InlineData("999999999999999s")]
    public void AnythingElseIsNone(string text) => Assert.Null(Duration.Parse(text));
}
