using System.Globalization;
using System.Net;
using Planton.Testing.Processes;

namespace Planton.Runner.Tests.Fixtures;

/// <summary>Where a process accepts TCP connections, as Linux tells it.</summary>
internal static class ListeningSockets
{
    private const string Listening = "0A";
    private const int HexDigitsOfAWord = 8;

    public static IReadOnlyList<string> Of(ProgramProcess process)
    {
        var own = Directory.GetFileSystemEntries($"/proc/{process.Id}/fd").Select(fd => new FileInfo(fd).LinkTarget).ToHashSet();
        return
        [
            .. new[] { "tcp", "tcp6" }
                .SelectMany(table => File.ReadLines($"/proc/{process.Id}/net/{table}").Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(columns => columns[3] == Listening && own.Contains($"socket:[{columns[9]}]"))
                .Select(columns => Read(columns[1]).ToString()),
        ];
    }

    /// <summary>Each 32-bit word of the address is written in this machine's byte order.</summary>
    private static IPEndPoint Read(string text)
    {
        var parts = text.Split(':');
        var address = parts[0].Chunk(HexDigitsOfAWord)
            .SelectMany(word => BitConverter.GetBytes(uint.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture)))
            .ToArray();
        return new IPEndPoint(new IPAddress(address), int.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
