using Planton.Tunnel.Links;
using Planton.Tunnel.Protocol;

namespace Planton.Tunnel.Runner;

/// <summary>The runner's tunnel, through all its links: what the rest of the runner may see and wait for.</summary>
public sealed class TunnelLink
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<LinkRefusal> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LinkStatus _status;
    private RunnerLink? _current;

    internal TunnelLink(TimeProvider time)
    {
        _time = time;
        _status = new LinkStatus(LinkState.Connecting, time.GetUtcNow(), 0, null, null, null);
    }

    internal bool AcceptsOperations
    {
        get
        {
            lock (_lock)
                return field;
        }
        private set;
    }

    /// <summary>How things stand now.</summary>
    public LinkStatus Status
    {
        get
        {
            lock (_lock)
                return _status;
        }
    }

    /// <summary>Completes when the gateway refuses for good. The runner does not dial again.</summary>
    public Task<LinkRefusal> Refused => _refused.Task;

    /// <summary>Completes when a link is ready or the gateway has refused for good, and returns the status then.</summary>
    public async Task<LinkStatus> WaitForStartAsync(CancellationToken cancellationToken = default)
    {
        Task ready;
        lock (_lock)
            ready = _ready.Task;
        await Task.WhenAny(ready, _refused.Task).WaitAsync(cancellationToken).ConfigureAwait(false);
        return Status;
    }

    /// <summary>Asks the gateway for an answer over the link, and returns how long that took.</summary>
    /// <exception cref="IOException">There is no ready link, or it broke meanwhile.</exception>
    public Task<TimeSpan> RoundTripAsync(CancellationToken cancellationToken = default)
    {
        RunnerLink? current;
        lock (_lock)
            current = _status.State is LinkState.Ready ? _current : null;
        return current?.RoundTripAsync(cancellationToken) ?? throw new IOException("the tunnel is not connected");
    }

    /// <summary>
    /// Lets the gateway send operations, on this link and on all that follow, and returns when it has heard it. To be called once
    /// by a runner whose greeting says that it is starting.
    /// </summary>
    public async Task AcceptOperationsAsync(CancellationToken cancellationToken = default)
    {
        RunnerLink? current;
        lock (_lock)
        {
            AcceptsOperations = true;
            current = _current;
        }

        if (current is null)
            return;
        current.AcceptOperations();
        try
        {
            await current.RoundTripAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It broke: the next one greets as ready.
        }
    }

    internal void Dialling(int attempts) => Change(status => status with { State = LinkState.Connecting, Attempts = attempts });

    internal void Failed(DialFailure failure, string message) =>
        Change(status => status with { State = LinkState.Connecting, LastFailure = failure, LastError = message });

    internal void Opened(RunnerLink link)
    {
        lock (_lock)
            _current = link;
        Change(status => status with { State = LinkState.Ready, Attempts = 0, Refusal = null });
        _ready.TrySetResult();
    }

    internal void Drains(RunnerLink link) => ChangeIfCurrent(link, LinkState.Draining);

    internal void Ended(RunnerLink link)
    {
        ChangeIfCurrent(link, LinkState.Closed);
        lock (_lock)
        {
            if (_current == link && _ready.Task.IsCompleted)
                _ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    internal void Refuse(LinkRefusal refusal)
    {
        Change(status => status with { Refusal = refusal });
        if (refusal.IsFinal)
            _refused.TrySetResult(refusal);
    }

    private void ChangeIfCurrent(RunnerLink link, LinkState state)
    {
        lock (_lock)
        {
            if (_current == link)
                Change(status => status with { State = state });
        }
    }

    private void Change(Func<LinkStatus, LinkStatus> change)
    {
        lock (_lock)
        {
            var next = change(_status);
            _status = next.State == _status.State ? next : next with { Since = _time.GetUtcNow() };
        }
    }
}
