using System.Text;

namespace SampleCluster.Exec.Shell;

/// <summary>Reads lines, and with echo behaves as a terminal driver does: it shows what is typed, erases, and knows Ctrl-C and Ctrl-D.</summary>
internal sealed class TerminalInput(ShellStreams streams, bool echo)
{
    private const int MaxLineBytes = 64 * 1024;
    private const byte CtrlC = 3;
    private const byte CtrlD = 4;
    private const byte Backspace = 8;
    private const byte Delete = 127;

    /// <summary>The next line; null at the end of the input. Nothing beyond the line is taken: the next command may read it.</summary>
    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new List<byte>();
        while (true)
        {
            var read = await streams.Input.ReadAsync(cancellationToken);
            if (read.Buffer.IsEmpty && read.IsCompleted)
            {
                streams.Input.AdvanceTo(read.Buffer.End);
                return line.Count > 0 ? Text(line) : null;
            }

            var next = read.Buffer.FirstSpan[0];
            streams.Input.AdvanceTo(read.Buffer.GetPosition(1));
            if (next is (byte)'\n' or (byte)'\r')
            {
                await EchoAsync("\n", cancellationToken);
                return Text(line);
            }

            if (echo && next == CtrlD && line.Count == 0)
                return null;
            await TakeAsync(next, line, cancellationToken);
        }
    }

    private async Task TakeAsync(byte next, List<byte> line, CancellationToken cancellationToken)
    {
        if (echo && next == CtrlC)
        {
            line.Clear();
            await EchoAsync("^C\n/ # ", cancellationToken);
        }
        else if (echo && next is Backspace or Delete)
        {
            if (line.Count > 0)
            {
                line.RemoveAt(line.Count - 1);
                await EchoAsync("\b \b", cancellationToken);
            }
        }
        else if (line.Count < MaxLineBytes)
        {
            line.Add(next);
            if (echo)
                await streams.Output.WriteAsync(new[] { next }, cancellationToken);
        }
    }

    private async Task EchoAsync(string text, CancellationToken cancellationToken)
    {
        if (echo)
            await streams.WriteAsync(text, cancellationToken);
    }

    private static string Text(List<byte> line) => Encoding.UTF8.GetString([.. line]);
}
