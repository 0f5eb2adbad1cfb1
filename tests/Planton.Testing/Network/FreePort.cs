using System.Net;
using System.Net.Sockets;

namespace Planton.Testing.Network;

/// <summary>Ports for programs that cannot pick one themselves, or that must find theirs free when they start again.</summary>
public static class FreePort
{
    // Below those that systems give to outgoing connections (Linux from 32768, others from 49152): of those, any test's client may
    // get one between this look and the program's start.
    private const int First = 20_000;
    private const int Count = 10_000;

    private static int _next = Environment.ProcessId * 97 % Count;

    /// <summary>A TCP port of the loopback address on which nothing listens, and which this process gives to nobody else.</summary>
    /// <exception cref="InvalidOperationException">All are in use.</exception>
    public static int Find()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Another program's; the next, then.
            }
        }

        throw new InvalidOperationException($"no port from {First} to {First + Count - 1} is free");
    }
}
