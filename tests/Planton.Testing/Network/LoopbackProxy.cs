using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Planton.Testing.Network;

/// <summary>Accepts connections on a free loopback port, and serves each until either end is gone.</summary>
public abstract class LoopbackProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _accepted;
    private bool _disposed;

    private protected LoopbackProxy()
    {
        _listener.Start();
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Connections accepted so far.</summary>
    public int ConnectionsAccepted => Volatile.Read(ref _accepted);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A test may end it before its end.
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Serves one connection, which is closed afterwards.</summary>
    private protected abstract Task ServeAsync(NetworkStream client, CancellationToken cancellationToken);

    /// <summary>Copies both ways between a client and a target until either ends.</summary>
    private protected static async Task JoinAsync(Stream client, IPEndPoint target, Func<Task> connected, CancellationToken cancellationToken)
    {
        using var upstream = new TcpClient(target.AddressFamily);
        await upstream.ConnectAsync(target, cancellationToken);
        await connected();
        await using var server = upstream.GetStream();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] copies = [client.CopyToAsync(server, end.Token), server.CopyToAsync(client, end.Token)];
        await Task.WhenAny(copies);
        await end.CancelAsync();
        await Task.WhenAll(copies);
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                connections.Add(ServeOneAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeOneAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await ServeAsync(client.GetStream(), _stop.Token);
            }
            catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
            {
                // One end is gone, or does not trust the other.
            }
        }
    }
}
