namespace Planton.Server.Connections;

/// <summary>The requests under way over each connection, so that they end with it. Those of this server.</summary>
internal sealed class LiveConnections
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<HttpContext>> _live = new(StringComparer.Ordinal);
    private long _cuts;

    /// <summary>
    /// How often something was cut. Whoever read it before looking a connection up, and finds it changed after
    /// <see cref="Enter"/>, must look again: the connection may have gone in between.
    /// </summary>
    public long Cuts => Interlocked.Read(ref _cuts);

    /// <summary>Dispose it when the request has ended.</summary>
    public IDisposable Enter(string connectionId, HttpContext request)
    {
        lock (_gate)
        {
            if (!_live.TryGetValue(connectionId, out var requests))
                _live[connectionId] = requests = [];
            requests.Add(request);
        }

        return new Entry(this, connectionId, request);
    }

    /// <summary>Cuts what is under way over a connection whose end is stored; returns how many requests that were.</summary>
    public int Cut(string connectionId)
    {
        Interlocked.Increment(ref _cuts);
        lock (_gate)
        {
            // In the lock: a context that has left may serve another request already.
            var requests = _live.GetValueOrDefault(connectionId) ?? [];
            foreach (var request in requests)
                request.Abort();
            return requests.Count;
        }
    }

    private void Leave(string connectionId, HttpContext request)
    {
        lock (_gate)
        {
            if (_live.TryGetValue(connectionId, out var requests) && requests.Remove(request) && requests.Count == 0)
                _live.Remove(connectionId);
        }
    }

    private sealed class Entry(LiveConnections owner, string connectionId, HttpContext request) : IDisposable
    {
        public void Dispose() => owner.Leave(connectionId, request);
    }
}
