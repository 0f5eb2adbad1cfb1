using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SampleCluster.Exec.Shell;

/// <summary>Commands that move bytes: with <c>/dev/zero</c>, <c>wc -c</c> and <c>sha256sum</c> a transfer can be checked.</summary>
internal static class StreamCommands
{
    private const int ChunkBytes = 32 * 1024;

    public static async Task<int> CatAsync(ShellCall call, CancellationToken cancellationToken)
    {
        var code = 0;
        foreach (var name in call.Arguments.DefaultIfEmpty("-"))
        {
            if (Open(call, name) is { } content)
                await content.CopyToAsync(call.Streams.Output, ChunkBytes, cancellationToken);
            else
                code = await call.FailAsync($"can't open '{name}': No such file or directory", cancellationToken);
        }

        return code;
    }

    /// <summary><c>head -c N [FILE]</c>.</summary>
    public static async Task<int> HeadAsync(ShellCall call, CancellationToken cancellationToken)
    {
        if (call.Words is not [_, "-c", var count, ..] || !long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var left))
            return await call.FailAsync("only 'head -c N [FILE]' is there", cancellationToken);
        var name = call.Words.Length > 3 ? call.Words[3] : "-";
        if (Open(call, name) is not { } content)
            return await call.FailAsync($"can't open '{name}': No such file or directory", cancellationToken);
        var buffer = new byte[ChunkBytes];
        while (left > 0 && await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken) is > 0 and var read)
        {
            await call.Streams.Output.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            left -= read;
        }

        return 0;
    }

    /// <summary><c>wc -c [FILE]</c> and <c>wc -l [FILE]</c>.</summary>
    public static async Task<int> CountAsync(ShellCall call, CancellationToken cancellationToken)
    {
        var lines = call.Arguments.Contains("-l");
        if (Open(call, call.Arguments.FirstOrDefault(a => !a.StartsWith('-')) ?? "-") is not { } content)
            return await call.FailAsync("No such file or directory", cancellationToken);
        var buffer = new byte[ChunkBytes];
        long total = 0;
        while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            total += lines ? buffer.AsSpan(0, read).Count((byte)'\n') : read;
        return await call.PrintAsync($"{total}\n", cancellationToken);
    }

    public static async Task<int> Sha256Async(ShellCall call, CancellationToken cancellationToken)
    {
        var name = call.Arguments.FirstOrDefault() ?? "-";
        if (Open(call, name) is not { } content)
            return await call.FailAsync($"can't open '{name}': No such file or directory", cancellationToken);
        var hash = await SHA256.HashDataAsync(content, cancellationToken);
        return await call.PrintAsync($"{Convert.ToHexStringLower(hash)}  {name}\n", cancellationToken);
    }

    private static Stream? Open(ShellCall call, string name) => name switch
    {
        "-" or "/dev/stdin" => call.Streams.Input.AsStream(leaveOpen: true),
        "/dev/zero" => new ZeroStream(),
        "/dev/null" => Stream.Null,
        _ when call.Container.Files.TryGetValue(name.StartsWith('/') ? name : "/" + name, out var text) => new MemoryStream(Encoding.UTF8.GetBytes(text)),
        _ => null,
    };
}
