using System.Text;
using Planton.Tunnel.Protocol;

namespace Planton.Tunnel.Tests.Protocol;

public sealed class LineReaderTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_AreReadOneByOne_ToTheEnd()
    {
        await using var reader = Reader("{\"event\":\"ping\",\"id\":7}\n{\"event\":\"draining\"}\n");

        Assert.Equal(new LinkEvent("ping", 7), await ReadAsync(reader));
        Assert.Equal(new LinkEvent("draining"), await ReadAsync(reader));
        Assert.Null(await ReadAsync(reader));
    }

    [Fact]
    public async Task ALineThatIsNotFinished_IsNotALine()
    {
        await using var reader = Reader("{\"event\":\"ping\"}");

        Assert.Null(await ReadAsync(reader));
    }

    [Theory]
    [InlineData("nonsense\n")]
    [InlineData("\n")]
    [InlineData("null\n")]
    [InlineData("[1,2]\n")]
    [InlineData("{\"event\":{}}\n")]
    public async Task ALineOfAnotherForm_IsRefused(string text)
    {
        await using var reader = Reader(text);

        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(reader));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ALineThatIsTooLong_IsRefused_WhetherOrNotItEnds(bool ends)
    {
        await using var reader = Reader(new string(' ', TunnelProtocol.MaxEventBytes + 1) + (ends ? "\n" : ""));

        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(reader));
    }

    private static LineReader Reader(string text) => new(new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private static Task<LinkEvent?> ReadAsync(LineReader reader) =>
        reader.ReadAsync(TunnelJson.Default.LinkEvent, TunnelProtocol.MaxEventBytes, Cancelled).AsTask();
}
