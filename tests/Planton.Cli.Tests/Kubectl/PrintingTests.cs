using Microsoft.Extensions.Time.Testing;
using Planton.Cli.Data;
using Planton.Cli.Data.Json;
using Planton.Cli.Kubectl.Printing;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Kubectl;

public sealed class PrintingTests
{
    [Fact]
    public void WhenCellsAreShort_AColumnIsSixWideAndTheLastIsNotPadded() =>
        Assert.Equal("A     B     C\nabc   d     e\n", Tabs("A\tB\tC\n", "abc\td\te\n"));

    [Fact]
    public void WhenACellIsLong_ThreeSpacesFollowIt() =>
        Assert.Equal("NAME        AGE\nlong-name   1s\n", Tabs("NAME\tAGE\n", "long-name\t1s\n"));

    [Fact]
    public void WhenTheLastCellIsEmpty_TheSpacesBeforeItStay() => Assert.Equal("A     \n", Tabs("A\t\n"));

    [Fact]
    public void WhenTextIsNotAscii_CharactersCountNotBytes() =>
        Assert.Equal("grüße   x\n日本語     y\n", Tabs("grüße\tx\n", "日本語\ty\n"));

    [Fact]
    public void WhenACellHoldsATab_OnlyItsNeighboursShareAColumn() =>
        Assert.Equal("a     b           c\nd     e     f     g\n", Tabs("a\tb\t\tc\n", "d\te\tf\tg\n"));

    [Fact]
    public void WhenFlushedBetween_LaterLinesAreAtLeastAsWide()
    {
        var output = new StringWriter();
        var writer = new TabWriter(output);
        writer.Write("a-long-cell\tx\n");
        writer.Flush();
        writer.Write("b\ty\n");
        writer.Flush();
        writer.ForgetWidths();
        writer.Write("c\tz\n");
        writer.Flush();

        Assert.Equal("a-long-cell   x\nb             y\nc     z\n", output.ToString());
    }

    [Theory]
    [InlineData("\"two\\nlines\"", "two...")]
    [InlineData("\"\\u001b[31mred\"", "^[[31mred")]
    [InlineData("\"a\\rb\"", "a...")]
    [InlineData("\"a\\fb\"", "a...")]
    [InlineData("3", "3")]
    [InlineData("1.50", "1.5")]
    [InlineData("true", "true")]
    [InlineData("[1,\"a\",null]", "[1 a <nil>]")]
    [InlineData("{\"b\":1,\"a\":[2]}", "map[a:[2] b:1]")]
    public void WhenACellIsShown_NothingInItCanHarmTheTerminal(string json, string expected) =>
        Assert.Equal(expected, CellText.Of(JsonDataReader.Read(json)));

    [Fact]
    public void WhenColumnsHavePriorities_OnlyWideShowsThem()
    {
        Assert.Equal("NAME   AGE\npod1   1s\n", Print(new TableOptions()));
        Assert.Equal("NAME   AGE   NODE\npod1   1s    n1\n", Print(new TableOptions { Wide = true }));
        Assert.Equal("pod1   1s\n", Print(new TableOptions { NoHeaders = true }));
    }

    [Fact]
    public void WhenColumnsAreAdded_TheyStandWhereKubectlPutsThem()
    {
        Assert.Equal("NAMESPACE   NAME   AGE\nns1         pod1   1s\n", Print(new TableOptions { WithNamespace = true }));
        Assert.Equal("NAME       AGE\npod/pod1   1s\n", Print(new TableOptions { KindPrefix = "pod" }));
        Assert.Equal("NAME   AGE   APP   NOPE   LABELS\npod1   1s    web          app=web,b=2\n",
            Print(new TableOptions { LabelColumns = ["example.com/app", "nope"], ShowLabels = true }, """{"example.com/app":"web"}""").Replace("example.com/app=web", "app=web,b=2", StringComparison.Ordinal));
        Assert.EndsWith("<none>\n", Print(new TableOptions { ShowLabels = true }, "{}"), StringComparison.Ordinal);
    }

    [Fact]
    public void WhenALaterTableHasTheSameColumnsOrNone_TheHeaderIsNotRepeated()
    {
        var output = new StringWriter();
        var writer = new TabWriter(output);
        var printer = new TablePrinter(new TableOptions(), TimeProvider.System);

        printer.Print(Table(), writer);
        printer.Print(Table(), writer);
        ((DataMap)Table()).Entries.TryGetValue("rows", out var rows);
        printer.Print(new DataMap(("kind", new DataText("Table")), ("apiVersion", new DataText("meta.k8s.io/v1")), ("rows", rows!)), writer);
        writer.Flush();

        Assert.Equal("NAME   AGE\npod1   1s\npod1   1s\npod1   1s\n", output.ToString());
    }

    [Fact]
    public void WhenRowsAreSkipped_TheColumnsAreRemembered()
    {
        var output = new StringWriter();
        var writer = new TabWriter(output);
        var printer = new TablePrinter(new TableOptions(), TimeProvider.System);

        printer.Print(Table(), writer, skipRows: true);
        writer.Flush();
        Assert.Equal("", output.ToString());
        printer.Print(Table(), writer, eventType: "ADDED");
        writer.Flush();

        Assert.Equal("EVENT      NAME   AGE\nADDED      pod1   1s\n", output.ToString());
    }

    [Fact]
    public void WhenTheServerMakesNoTable_NameAndAgeAreShown()
    {
        var output = new StringWriter();
        var writer = new TabWriter(output);
        var printer = new TablePrinter(new TableOptions { WithNamespace = true, ShowLabels = true, KindPrefix = "x.y" }, new FakeTimeProvider(CliHarness.Now));

        printer.Print(JsonDataReader.Read("""{"kind":"XList","items":[{"metadata":{"name":"a","namespace":"n","creationTimestamp":"2026-03-04T05:05:07Z","labels":{"l":"v"}}},{"metadata":{"name":"b"}}]}"""), writer);
        writer.Flush();

        Assert.Equal("NAMESPACE   NAME    AGE         LABELS\nn           x.y/a   60s         l=v\n            x.y/b   <unknown>   <none>\n", output.ToString());
    }

    private static string Tabs(params string[] lines)
    {
        var output = new StringWriter();
        var writer = new TabWriter(output);
        foreach (var line in lines)
            writer.Write(line);
        writer.Flush();
        return output.ToString();
    }

    private static DataNode Table(string labels = "{}") => JsonDataReader.Read(
        """
        {"kind":"Table","apiVersion":"meta.k8s.io/v1","columnDefinitions":[
          {"name":"Name","type":"string","format":"name","priority":0},{"name":"Age","type":"string","priority":0},{"name":"Node","type":"string","priority":1}],
         "rows":[{"cells":["pod1","1s","n1"],"object":{"metadata":{"name":"pod1","namespace":"ns1","labels":LABELS}}}]}
        """.Replace("LABELS", labels, StringComparison.Ordinal));

    private static string Print(TableOptions options, string labels = "{}")
    {
        var output = new StringWriter();
        var writer = new TabWriter(output);
        new TablePrinter(options, TimeProvider.System).Print(Table(labels), writer);
        writer.Flush();
        return output.ToString();
    }
}
