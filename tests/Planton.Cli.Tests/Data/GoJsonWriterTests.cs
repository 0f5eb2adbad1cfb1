using System.Text;
using System.Text.Json;
using Planton.Cli.Data;
using Planton.Cli.Data.Json;

namespace Planton.Cli.Tests.Data;

public sealed class GoJsonWriterTests
{
    [Fact]
    public void WhenIndented_KeysAreSortedAndEmptyOnesStayOnTheirLine() => Assert.Equal(
        """
        {
            "a": [
                1,
                {
                    "x": null
                }
            ],
            "b": {},
            "c": [],
            "d": true
        }
        """,
        Write("""{"d":true,"b":{},"a":[1,{"x":null}],"c":[]}"""));

    [Theory]
    [InlineData("<a> & b", "\"\\u003ca\\u003e \\u0026 b\"")]
    [InlineData("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"")]
    [InlineData("\u0001\u001b", "\"\\u0001\\u001b\"")]
    [InlineData("\u2028\u2029", "\"\\u2028\\u2029\"")]
    [InlineData("grüße 🚀\u007f", "\"grüße 🚀\u007f\"")]
    [InlineData("\"\\/", "\"\\\"\\\\/\"")]
    public void WhenTextIsWritten_ItIsEscapedAsGoDoes(string text, string expected)
    {
        var output = new StringBuilder();

        new GoJsonWriter(output).Write(new DataText(text));

        Assert.Equal(expected, output.ToString());
    }

    [Fact]
    public void WhenKeysLieBeyondTheBasicPlane_TheyComeAfterAllOthers() =>
        Assert.Equal("""{"\uffff":1,"😀":2}""".Replace("\\uffff", "\uffff", StringComparison.Ordinal), Compact("""{"😀":2,"\uffff":1}"""));

    [Theory]
    [InlineData("{\"a\":1} x")]
    [InlineData("{")]
    [InlineData("")]
    public void WhenTheTextIsNotOneValue_ReadingFails(string text) => Assert.ThrowsAny<JsonException>(() => JsonDataReader.Read(text));

    private static string Write(string json)
    {
        var output = new StringBuilder();
        new GoJsonWriter(output).Write(JsonDataReader.Read(json));
        return output.ToString();
    }

    private static string Compact(string json)
    {
        var output = new StringBuilder();
        new GoJsonWriter(output).WriteCompact(JsonDataReader.Read(json));
        return output.ToString();
    }
}
