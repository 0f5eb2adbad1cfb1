using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Planton.Testing;

namespace Planton.SampleCluster.Tests.Exec;

/// <summary>The client's side of an exec.</summary>
internal sealed class ExecSession(ClientWebSocket socket) : IDisposable
{
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public WebSocketCloseStatus? CloseStatus => socket.CloseStatus;

    public Task SendAsync(byte channel, byte[] content) =>
        socket.SendAsync((byte[])[channel, .. content], WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);

    public Task TypeAsync(string text) => SendAsync(0, Encoding.UTF8.GetBytes(text));

    public Task CloseInputAsync() => SendAsync(255, [0]);

    public async Task ReadUntilAsync(string text)
    {
        while (!Output.Contains(text, StringComparison.Ordinal))
            Assert.Null(await ReadAsync($"'{text}' after '{Output}'"));
    }

    /// <summary>Reads to the end; returns the outcome.</summary>
    public async Task<JsonNode> FinishAsync()
    {
        JsonNode? outcome = null;
        while (outcome is null)
            outcome = await ReadAsync("the outcome");
        await ReadAsync("the close");
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        return outcome;
    }

    public void Dispose() => socket.Dispose();

    private async Task<JsonNode?> ReadAsync(string what)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken).AsTask()
                .WaitAsync(Eventually.DefaultTimeout, TestContext.Current.CancellationToken);
            if (received.Count == 0)
                return null;
            var text = Encoding.UTF8.GetString(buffer, 1, received.Count - 1);
            switch (buffer[0])
            {
                case 1:
                    _output.Append(text);
                    return null;
                case 2:
                    _error.Append(text);
                    return null;
                default:
                    return JsonNode.Parse(text);
            }
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"exec did not send {what}");
        }
    }
}
