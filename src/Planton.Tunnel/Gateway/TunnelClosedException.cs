namespace Planton.Tunnel.Gateway;

/// <summary>A request found its tunnel closed before it was sent: it has not run, and may be sent over another tunnel.</summary>
public sealed class TunnelClosedException(string tunnelId) : IOException($"tunnel {tunnelId} is closed; the request was not sent")
{
    /// <summary>Whether <paramref name="exception"/>, or one inside it, says that the request was not sent.</summary>
    public static bool IsIn(Exception? exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is TunnelClosedException)
                return true;
        }

        return false;
    }
}
