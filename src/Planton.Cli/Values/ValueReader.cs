using System.Buffers;
using System.Text;
using Planton.Cli.Invocation;

namespace Planton.Cli.Values;

/// <summary>Reads the value of a secret or a variable from where the shell's history does not see it.</summary>
internal static class ValueReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The whole content of a file, as it is.</summary>
    public static async Task<(string? Value, CliError? Error)> FromFileAsync(string file, int maxBytes, CancellationToken cancellationToken)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        // A pipe has no length, so that the bound is on what is read.
        var bytes = new byte[maxBytes + 1];
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (length > maxBytes)
            return (null, TooLarge(file, maxBytes));
        try
        {
            return (Strict.GetString(bytes, 0, length), null);
        }
        catch (DecoderFallbackException)
        {
            return (null, CliError.Usage($"{file} is not text in UTF-8", "Encode it first, for example with base64."));
        }
    }

    /// <summary>Typed and not shown where somebody sits at the keyboard; else all of standard input but a line break at its end.</summary>
    public static async Task<(string? Value, CliError? Error)> FromInputAsync(CommandContext context, int maxBytes, CancellationToken cancellationToken)
    {
        if (context.Console.IsInteractive)
        {
            context.Console.Error.Write("Value (not shown): ");
            var typed = context.Console.ReadHidden();
            context.Console.Error.WriteLine();
            return (typed ?? "", null);
        }

        var text = new StringBuilder();
        var buffer = ArrayPool<char>.Shared.Rent(16 * 1024);
        try
        {
            while (await context.Console.In.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                text.Append(buffer, 0, read);
                if (text.Length > maxBytes)
                    return (null, TooLarge("standard input", maxBytes));
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer, clearArray: true);
        }

        // What echo adds; a value that must end in a line break comes from a file.
        if (text.Length > 0 && text[^1] == '\n')
            text.Length -= text.Length > 1 && text[^2] == '\r' ? 2 : 1;
        return (text.ToString(), null);
    }

    private static CliError TooLarge(string source, int maxBytes) => CliError.Usage($"{source} is larger than {maxBytes} bytes, which is the most a value can have");
}
