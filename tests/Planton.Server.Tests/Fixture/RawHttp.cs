using System.Globalization;
using System.Text;

namespace Planton.Server.Tests.Fixture;

/// <summary>Requests byte for byte over HTTP/1.1, also those that an HTTP client refuses to send.</summary>
internal static class RawHttp
{
    private const string End = "\r\n\r\n";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>Sends a head whose characters are bytes, on a connection of its own, and reads the response.</summary>
    /// <param name="server">The server.</param>
    /// <param name="line">Method and target.</param>
    /// <param name="headers">Besides Host and, unless one of them is Connection, that.</param>
    public static async Task<(int Status, string Text)> SendAsync(ServerFixture server, string line, params string[] headers)
    {
        using var tcp = await server.ConnectAsync();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancel.CancelAfter(Limit);
        string[] close = headers.Any(header => header.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase)) ? [] : ["Connection: close"];
        await tcp.GetStream().WriteAsync(Encoding.Latin1.GetBytes(Head(line, [.. close, .. headers])), cancel.Token);
        return await ReadAsync(tcp.GetStream(), cancel.Token);
    }

    /// <summary>A request's head.</summary>
    public static string Head(string line, params string[] headers) => string.Join("\r\n", [$"{line} HTTP/1.1", "Host: x", .. headers, "", ""]);

    /// <summary>The next response of a connection, with its body unless it switches protocols.</summary>
    public static async Task<(int Status, string Text)> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        while (!EndsWith(text, End) && await ReadByteAsync(stream, text, cancellationToken))
        {
        }

        Assert.True(text.Length > 0, "the connection was closed without a response");
        var head = text.ToString();
        var status = int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture);
        var bodyAt = text.Length;
        var length = Header(head, "Content-Length") is [var value] ? int.Parse(value, CultureInfo.InvariantCulture) : int.MaxValue;
        var chunked = Header(head, "Transfer-Encoding").Length > 0;
        while (status is not (101 or 204 or 304)
            && text.Length - bodyAt < length
            && !(chunked && EndsWith(text, "0" + End))
            && await ReadByteAsync(stream, text, cancellationToken))
        {
        }

        return (status, text.ToString());
    }

    /// <summary>The values of a header of a response.</summary>
    public static string[] Header(string text, string name) =>
        [.. text.Split(End)[0].Split("\r\n").Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim())];

    private static async Task<bool> ReadByteAsync(Stream stream, StringBuilder text, CancellationToken cancellationToken)
    {
        var one = new byte[1];
        if (await stream.ReadAsync(one, cancellationToken) == 0)
            return false;
        text.Append((char)one[0]);
        return true;
    }

    private static bool EndsWith(StringBuilder text, string end) => text.Length >= end.Length && text.ToString(text.Length - end.Length, end.Length) == end;
}
