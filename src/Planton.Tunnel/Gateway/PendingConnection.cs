namespace Planton.Tunnel.Gateway;

/// <summary>Counts a connection as pending until it is a tunnel, or ends before.</summary>
internal sealed class PendingConnection(Action end)
{
    private Action? _end = end;

    /// <summary>Counts no more. May be called twice.</summary>
    public void End() => Interlocked.Exchange(ref _end, null)?.Invoke();
}
