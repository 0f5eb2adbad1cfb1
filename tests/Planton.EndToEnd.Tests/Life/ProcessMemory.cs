using System.Globalization;

namespace Planton.EndToEnd.Tests.Life;

/// <summary>The memory of a running process, as a dump of it would show it. Linux alone.</summary>
internal sealed class ProcessMemory(int process)
{
    private const int ChunkLength = 4 * 1024 * 1024;

    /// <summary>How often each pattern is found in what the process may write to: its heaps and stacks.</summary>
    public Dictionary<string, int> Count(IReadOnlyDictionary<string, byte[]> patterns)
    {
        var found = patterns.ToDictionary(pattern => pattern.Key, _ => 0, StringComparer.Ordinal);
        var overlap = patterns.Values.Max(pattern => pattern.Length) - 1;
        using var memory = new FileStream($"/proc/{process}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var chunk = new byte[ChunkLength + overlap];
        foreach (var (start, end) in WritableRegions())
        {
            for (var at = start; at < end; at += ChunkLength)
            {
                var length = Read(memory, at, chunk.AsSpan(0, (int)Math.Min(chunk.Length, end - at)));
                foreach (var (name, pattern) in patterns)
                    found[name] += CountStarts(chunk.AsSpan(0, length), pattern);
            }
        }

        return found;
    }

    // A match that begins in the overlap is the next chunk's.
    private static int CountStarts(ReadOnlySpan<byte> chunk, ReadOnlySpan<byte> pattern)
    {
        var (count, offset) = (0, 0);
        while (chunk[offset..].IndexOf(pattern) is var at and >= 0 && offset + at < ChunkLength)
        {
            count++;
            offset += at + 1;
        }

        return count;
    }

    private static int Read(FileStream memory, long at, Span<byte> into)
    {
        try
        {
            memory.Position = at;
            return memory.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
        }
        catch (IOException)
        {
            // Unmapped meanwhile, or reserved and never used.
            return 0;
        }
    }

    private IEnumerable<(long Start, long End)> WritableRegions() =>
        from line in File.ReadLines($"/proc/{process}/maps")
        let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where fields[1].StartsWith("rw", StringComparison.Ordinal)
        let bounds = fields[0].Split('-')
        select (long.Parse(bounds[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), long.Parse(bounds[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
