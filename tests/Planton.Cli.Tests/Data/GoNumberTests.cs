using Planton.Cli.Data;

namespace Planton.Cli.Tests.Data;

/// <summary>The expectations are what Go 1.25 prints.</summary>
public sealed class GoNumberTests
{
    [Theory]
    [InlineData("0", "0", "0", "0")]
    [InlineData("-0", "0", "0", "0")]
    [InlineData("12345678901", "12345678901", "12345678901", "12345678901")]
    [InlineData("9223372036854775807", "9223372036854775807", "9223372036854775807", "9223372036854775807")]
    [InlineData("0.25", "0.25", "0.25", "0.25")]
    [InlineData("2.0", "2", "2", "2")]
    [InlineData("-1.50", "-1.5", "-1.5", "-1.5")]
    [InlineData("1e-9", "1e-9", "1e-09", "1e-09")]
    [InlineData("0.000001", "0.000001", "1e-06", "1e-06")]
    [InlineData("0.0001", "0.0001", "0.0001", "0.0001")]
    [InlineData("1e22", "1e+22", "1e+22", "1e+22")]
    [InlineData("1.5e300", "1.5e+300", "1.5e+300", "1.5e+300")]
    [InlineData("1e100", "1e+100", "1e+100", "1e+100")]
    public void WhenANumberIsWritten_ItIsSpelledAsGoDoes(string raw, string json, string yaml, string display)
    {
        Assert.Equal(json, GoNumber.ToJson(raw));
        Assert.Equal(yaml, GoNumber.ToYaml(raw));
        Assert.Equal(display, GoNumber.ToDisplay(raw));
    }

    [Theory]
    [InlineData("1e6", "1000000")]
    [InlineData("18446744073709551615", "18446744073709552000")]
    public void WhenAFloatIsWhole_JsonShowsNoExponentAndYamlReadsAnInteger(string raw, string json)
    {
        Assert.Equal(json, GoNumber.ToJson(raw));
        Assert.NotEmpty(GoNumber.ToYaml(raw));
    }

    [Theory]
    [InlineData("1000000.5", "1.0000005e+06")]
    [InlineData("123456.7", "123456.7")]
    public void WhenAFloatIsLarge_YamlShowsItsExponent(string raw, string yaml) => Assert.Equal(yaml, GoNumber.ToYaml(raw));
}
