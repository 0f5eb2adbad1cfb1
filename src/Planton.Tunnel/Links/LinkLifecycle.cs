namespace Planton.Tunnel.Links;

/// <summary>The state of one link, with the one table of its legal moves. Thread-safe.</summary>
public sealed class LinkLifecycle
{
    private static readonly Dictionary<LinkState, LinkState[]> Moves = new()
    {
        [LinkState.Connecting] = [LinkState.Ready, LinkState.Closed],
        [LinkState.Ready] = [LinkState.Draining, LinkState.Closed],
        [LinkState.Draining] = [LinkState.Closed],
        [LinkState.Closed] = [],
    };

    private readonly Lock _lock = new();

    /// <summary>The state now.</summary>
    public LinkState State
    {
        get
        {
            lock (_lock)
                return field;
        }
        private set;
    }

    /// <summary>Whether the table allows the move.</summary>
    public static bool IsLegal(LinkState from, LinkState to) => Moves[from].Contains(to);

    /// <summary>Moves to <paramref name="to"/> if that is legal; returns whether it moved.</summary>
    public bool TryMoveTo(LinkState to)
    {
        lock (_lock)
        {
            if (!IsLegal(State, to))
                return false;
            State = to;
            return true;
        }
    }
}
