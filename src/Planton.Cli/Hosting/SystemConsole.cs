using System.Text;

namespace Planton.Cli.Hosting;

/// <summary>The process's own console.</summary>
internal static class SystemConsole
{
    private const int OutputBufferSize = 64 * 1024;
    private const int MaxSecretLength = 4096;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static CliConsole Open() => new()
    {
        // Buffered: a list of ten thousand objects must not be ten thousand writes. The runner of the command flushes.
        Out = new StreamWriter(Console.OpenStandardOutput(), Utf8, OutputBufferSize) { AutoFlush = false, NewLine = "\n" },
        Error = new StreamWriter(Console.OpenStandardError(), Utf8) { AutoFlush = true, NewLine = "\n" },
        In = new LazyStandardInput(),
        IsInteractive = !Console.IsInputRedirected,
        IsOutputTerminal = !Console.IsOutputRedirected,
        ReadHidden = ReadHidden,
    };

    private static string? ReadHidden()
    {
        var secret = new StringBuilder();
        while (secret.Length < MaxSecretLength)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
                break;
            if (key.Key == ConsoleKey.Backspace)
                secret.Length = Math.Max(0, secret.Length - 1);
            else if (key.KeyChar != '\0')
                secret.Append(key.KeyChar);
        }

        return secret.ToString();
    }

    /// <summary>Opens standard input only when a command reads it: most never do.</summary>
    private sealed class LazyStandardInput : TextReader
    {
        private StreamReader? _reader;

        private StreamReader Reader => _reader ??= new StreamReader(Console.OpenStandardInput(), Utf8);

        public override int Read() => Reader.Read();

        public override int Peek() => Reader.Peek();

        public override string? ReadLine() => Reader.ReadLine();

        public override int Read(char[] buffer, int index, int count) => Reader.Read(buffer, index, count);

        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default) =>
            new(Task.Run(() => Reader.Read(buffer.Span), CancellationToken.None).WaitAsync(cancellationToken));

        // The read itself cannot be interrupted; waiting for it can, and the process ends without it.
        public override ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) =>
            new(Task.Run(Reader.ReadLine, CancellationToken.None).WaitAsync(cancellationToken));
    }
}
