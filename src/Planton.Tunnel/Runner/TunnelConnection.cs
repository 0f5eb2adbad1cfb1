using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Planton.Tunnel.Runner;

/// <summary>A dialled connection as Kestrel wants to see one that was accepted.</summary>
internal sealed class TunnelConnection : ConnectionContext, IConnectionLifetimeFeature, IConnectionIdFeature, IConnectionTransportFeature,
    IConnectionItemsFeature, IConnectionEndPointFeature
{
    // One TLS record a frame, not four: the default segment of a stream's pipe is 4 KiB.
    private const int OutputSegmentBytes = 32 * 1024;
    private static readonly TimeSpan CloseNotifyTimeout = TimeSpan.FromSeconds(1);

    private readonly SslStream _stream;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _closed = new();
    private int _disposed;

    public TunnelConnection(string id, SslStream stream, Socket socket, RunnerLink link)
    {
        _stream = stream;
        _socket = socket;
        Link = link;
        ConnectionId = id;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
        var transport = new TransportStream(stream, () => socket.Close(0));
        Transport = new Duplex(
            PipeReader.Create(transport, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true)),
            PipeWriter.Create(transport, new StreamPipeWriterOptions(minimumBufferSize: OutputSegmentBytes, leaveOpen: true)));
        Features = new FeatureCollection();
        Features.Set<IConnectionLifetimeFeature>(this);
        Features.Set<IConnectionIdFeature>(this);
        Features.Set<IConnectionTransportFeature>(this);
        Features.Set<IConnectionItemsFeature>(this);
        Features.Set<IConnectionEndPointFeature>(this);
        Features.Set(new TunnelLinkFeature(link, this));
    }

    public RunnerLink Link { get; }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; }

    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    public override IDuplexPipe Transport { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    /// <summary>Ends the connection without farewell. Safe from any thread, any number of times.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        _socket.Close(0);
        SignalClosed();
    }

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            await base.DisposeAsync().ConfigureAwait(false);
            return;
        }

        await Transport.Input.CompleteAsync().ConfigureAwait(false);
        await Transport.Output.CompleteAsync().ConfigureAwait(false);
        try
        {
            await _stream.ShutdownAsync().WaitAsync(CloseNotifyTimeout).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or TimeoutException or SocketException)
        {
            // The other end is gone: there is nobody to take leave of.
        }

        await _stream.DisposeAsync().ConfigureAwait(false);
        SignalClosed();
        Link.Dispose();
        _closed.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private void SignalClosed()
    {
        Link.Close();
        try
        {
            _closed.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Abort came after the end: it is closed already.
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
