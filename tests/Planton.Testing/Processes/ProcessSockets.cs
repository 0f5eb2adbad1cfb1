using System.Globalization;
using System.Net;

namespace Planton.Testing.Processes;

/// <summary>The TCP sockets that a process holds: its file descriptors, joined with the kernel's tables. Linux only.</summary>
public static class ProcessSockets
{
    // States as in the kernel's include/net/tcp_states.h.
    private const string Established = "01";
    private const string Listen = "0A";

    /// <summary>Where the process listens.</summary>
    public static IReadOnlyList<IPEndPoint> Listening(int processId) => [.. Of(processId).Where(socket => socket.State == Listen).Select(socket => socket.Local)];

    /// <summary>The remote ends of its established connections, each once.</summary>
    public static IReadOnlyList<IPEndPoint> Peers(int processId) =>
        [.. Of(processId).Where(socket => socket.State == Established).Select(socket => socket.Remote).Distinct()];

    private static List<TcpSocket> Of(int processId)
    {
        var held = Directory.EnumerateFileSystemEntries($"/proc/{processId}/fd").Select(LinkOf).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. ((string[])["tcp", "tcp6"])
                .SelectMany(table => File.ReadLines($"/proc/{processId}/net/{table}").Skip(1))
                .Select(TcpSocket.Parse)
                .Where(socket => held.Contains($"socket:[{socket.Inode}]")),
        ];
    }

    private static string LinkOf(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget ?? "";
        }
        catch (IOException)
        {
            // It was closed meanwhile.
            return "";
        }
    }

    private sealed record TcpSocket(IPEndPoint Local, IPEndPoint Remote, string State, string Inode)
    {
        // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …
        public static TcpSocket Parse(string line)
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return new TcpSocket(EndPoint(fields[1]), EndPoint(fields[2]), fields[3], fields[9]);
        }

        private static IPEndPoint EndPoint(string text)
        {
            var (address, port) = (text[..^5], text[^4..]);
            var bytes = Convert.FromHexString(address);
            // Each 32-bit word is printed as this machine reads it.
            if (BitConverter.IsLittleEndian)
            {
                for (var word = 0; word < bytes.Length; word += 4)
                    Array.Reverse(bytes, word, 4);
            }

            var ip = new IPAddress(bytes);
            return new IPEndPoint(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip, int.Parse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }
    }
}
