namespace Planton.Server.Hosting;

/// <summary>How far the server's life has got.</summary>
internal sealed class ServerState
{
    private volatile Phase _phase = Phase.Starting;

    public enum Phase
    {
        Starting,
        Running,
        Stopping,
    }

    public Phase Current => _phase;

    public void MoveTo(Phase phase) => _phase = phase;
}
