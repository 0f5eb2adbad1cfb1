using Planton.Cli.Data;
using Planton.Cli.Data.Json;
using Planton.Cli.Data.Yaml;

namespace Planton.Cli.Tests.Data;

/// <summary>The expectations are what kubectl 1.35 prints; the same strings are compared on a real cluster.</summary>
public sealed class YamlWriterTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "\"\"")]
    [InlineData("123", "\"123\"")]
    [InlineData("1.5", "\"1.5\"")]
    [InlineData("1e3", "\"1e3\"")]
    [InlineData("1e", "1e")]
    [InlineData("0x1F", "\"0x1F\"")]
    [InlineData("0xZZ", "0xZZ")]
    [InlineData("0o17", "\"0o17\"")]
    [InlineData("0o8", "0o8")]
    [InlineData("017", "\"017\"")]
    [InlineData("08", "\"08\"")]
    [InlineData("0b11", "\"0b11\"")]
    [InlineData("1_000", "\"1_000\"")]
    [InlineData("_1", "_1")]
    [InlineData("+12", "\"+12\"")]
    [InlineData("-", "'-'")]
    [InlineData("-x", "-x")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("N", "\"N\"")]
    [InlineData("OFF", "\"OFF\"")]
    [InlineData("null", "\"null\"")]
    [InlineData("~", "\"~\"")]
    [InlineData("nullable", "nullable")]
    [InlineData(".inf", "\".inf\"")]
    [InlineData(".5", "\".5\"")]
    [InlineData("._5", "._5")]
    [InlineData(".5_", ".5_")]
    [InlineData(".5_1", "\".5_1\"")]
    [InlineData(".", ".")]
    [InlineData("<<", "<<")]
    [InlineData("2026-01-02", "\"2026-01-02\"")]
    [InlineData("2026-13-45", "2026-13-45")]
    [InlineData("2026-02-30", "2026-02-30")]
    [InlineData("2026-01-02T03:04:05Z", "\"2026-01-02T03:04:05Z\"")]
    [InlineData("2026-1-2T3:4:5.5+02:00", "\"2026-1-2T3:4:5.5+02:00\"")]
    [InlineData("2026-01-02 03:04:05", "\"2026-01-02 03:04:05\"")]
    [InlineData("12:30:45", "\"12:30:45\"")]
    [InlineData("12:99", "12:99")]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("a: b", "'a: b'")]
    [InlineData("a:b", "a:b")]
    [InlineData("a #b", "'a #b'")]
    [InlineData("a#b", "a#b")]
    [InlineData(" leading", "' leading'")]
    [InlineData("trailing ", "'trailing '")]
    [InlineData("'x", "'''x'")]
    [InlineData("it's", "it's")]
    [InlineData("- item", "'- item'")]
    [InlineData("---", "'---'")]
    [InlineData("*x", "'*x'")]
    [InlineData("& x", "'& x'")]
    [InlineData("{x}", "'{x}'")]
    [InlineData("a{x}", "a{x}")]
    [InlineData("? x", "'? x'")]
    [InlineData("?x", "?x")]
    [InlineData("grüße 日本語", "grüße 日本語")]
    [InlineData("🚀", "\"\\U0001F680\"")]
    [InlineData("a\tb", "\"a\\tb\"")]
    [InlineData("a\u0007b\u001b", "\"a\\ab\\e\"")]
    [InlineData("a\u00a0b", "a\u00a0b")]
    [InlineData("a\u007f", "\"a\\x7F\"")]
    [InlineData("a\u202eb\u200ec\u2066", "\"a\\u202Eb\\u200Ec\\u2066\"")]
    [InlineData("a\u2028b\u0085c", "\"a\\Lb\\Nc\"")]
    [InlineData("a\u0001\\\"", "\"a\\x01\\\\\\\"\"")]
    [InlineData("\ufeffab", "\"\\uFEFF\\x61\\x62\"")]
    [InlineData("a\rb", "\"a\\rb\"")]
    public void WhenAStringIsWritten_ItComesBackAsAString(string text, string expected) =>
        Assert.Equal($"k: {expected}\n", Write(new DataText(text)));

    [Theory]
    [InlineData("one\ntwo\n", "|\n  one\n  two\n")]
    [InlineData("one\ntwo", "|-\n  one\n  two\n")]
    [InlineData("one\n\n", "|+\n  one\n\n")]
    [InlineData("  one\ntwo\n", "|2\n    one\n  two\n")]
    [InlineData("\n", "|2+\n\n")]
    [InlineData("one\n\ntwo\n", "|\n  one\n\n  two\n")]
    [InlineData("one \ntwo\n", "\"one \\ntwo\\n\"\n")]
    [InlineData("one\ntwo ", "\"one\\ntwo \"\n")]
    [InlineData("one\r\ntwo\r\n", "\"one\\r\\ntwo\\r\\n\"\n")]
    public void WhenAStringHasLines_ItIsABlockWhereOneCanHoldIt(string text, string expected) =>
        Assert.Equal($"k: {expected}", Write(new DataText(text)));

    [Fact]
    public void WhenALineIsLong_ItIsFoldedAfterColumn80()
    {
        var words = string.Join(' ', Enumerable.Repeat("word", 20));

        Assert.Equal($"k: {string.Join(' ', Enumerable.Repeat("word", 16))}\n  {string.Join(' ', Enumerable.Repeat("word", 4))}\n", Write(new DataText(words)));
        Assert.Equal(
            $"k: '{string.Join(' ', Enumerable.Repeat("word", 15))} it''s:\n  {string.Join(' ', Enumerable.Repeat("word", 4))}'\n",
            Write(new DataText($"{string.Join(' ', Enumerable.Repeat("word", 15))} it's: {string.Join(' ', Enumerable.Repeat("word", 4))}")));
        Assert.Equal(
            $"k: \"\\a {string.Join(' ', Enumerable.Repeat("word", 15))}\n  word\"\n",
            Write(new DataText($"\u0007 {string.Join(' ', Enumerable.Repeat("word", 16))}")));
    }

    [Fact]
    public void WhenKeysAreSorted_LettersComeLastAndNumbersByValue()
    {
        string[] keys = ["key10", "key9", "Key", "key_1", "k.e-y", "0", "10", "9", "1.5", "true", "key100"];
        var map = new DataMap();
        foreach (var key in keys)
            map.Set(key, "x");

        var lines = YamlWriter.ToText(map).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':')[0]);

        Assert.Equal(["\"0\"", "\"1.5\"", "\"9\"", "\"10\"", "Key", "k.e-y", "key_1", "key9", "key10", "key100", "\"true\""], lines);
    }

    [Fact]
    public void WhenAKeyIsVeryLong_ItIsWrittenInItsExplicitForm()
    {
        var key = new string('x', 129);

        Assert.Equal($"? {key}\n: v\n", YamlWriter.ToText(new DataMap((key, new DataText("v")))));
        Assert.Equal($"{key[1..]}: v\n", YamlWriter.ToText(new DataMap((key[1..], new DataText("v")))));
    }

    [Fact]
    public void WhenStructuresNest_SequencesAreCompact()
    {
        var document = JsonDataReader.Read("""{"list":[],"map":{},"nested":[[1,2],[],[{"a":1}]],"deep":[{"x":{"y":[1]},"z":[]}],"none":null,"flag":true,"n":-4}""");

        Assert.Equal(
            """
            deep:
            - x:
                "y":
                - 1
              z: []
            flag: true
            list: []
            map: {}
            "n": -4
            nested:
            - - 1
              - 2
            - []
            - - a: 1
            none: null

            """,
            YamlWriter.ToText(document));
    }

    [Theory]
    [InlineData("a: 1\nb: \"1\"\nc: [true, null, 'x', ~]\n", """{"a":1,"b":"1","c":[true,null,"x",null]}""")]
    [InlineData("", "{}")]
    [InlineData("a: &x {b: 1}\nc: *x\n", """{"a":{"b":1},"c":{"b":1}}""")]
    public void WhenYamlIsRead_ScalarsKeepTheirKind(string yaml, string json)
    {
        var node = YamlDataReader.Read(yaml, out var fault);

        Assert.Null(fault);
        var text = new System.Text.StringBuilder();
        new GoJsonWriter(text).WriteCompact(node!);
        Assert.Equal(json, text.ToString());
    }

    [Fact]
    public void WhenYamlIsNestedWithoutEnd_ItIsRefused()
    {
        Assert.Null(YamlDataReader.Read(new string('[', 100) + new string(']', 100), out var fault));
        Assert.Contains("nested too deeply", fault, StringComparison.Ordinal);
    }

    private static string Write(DataNode value) => YamlWriter.ToText(new DataMap(("k", value)));
}
