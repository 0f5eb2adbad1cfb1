using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Planton.Runner.Tests.Fixtures;

/// <summary>How many connections to a port this process's HTTP clients hold, as their own meter tells it. Made before the first one.</summary>
internal sealed class PooledConnections : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    public PooledConnections(int port)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "System.Net.Http", Name: "http.client.open_connections" })
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, change, tags, _) =>
        {
            if (new TagList(tags).Any(tag => tag is { Key: "server.port", Value: int to } && to == port))
                Interlocked.Add(ref _count, change);
        });
        _listener.Start();
    }

    public long Count => Interlocked.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
