using System.Collections.Concurrent;
using Planton.Tunnel.Runner;

namespace Planton.Tunnel.Tests.Fixtures;

/// <summary>Remembers what a runner keeps, or fails as a full disk does.</summary>
internal sealed class TestStore : ICertificateStore
{
    public ConcurrentQueue<TunnelIdentity> Kept { get; } = new();

    public bool Fails { get; set; }

    public Task KeepAsync(TunnelIdentity identity, CancellationToken cancellationToken)
    {
        if (Fails)
            throw new IOException("no space left on device");
        Kept.Enqueue(identity);
        return Task.CompletedTask;
    }
}
