using System.Collections.Concurrent;
using System.Threading.Channels;
using Planton.Tunnel.Links;
using Planton.Tunnel.Protocol;

namespace Planton.Tunnel.Runner;

/// <summary>The runner's end of one link: its state, its operations under way, and the lines it sends the gateway.</summary>
internal sealed class RunnerLink : IDisposable
{
    private const int MaxQueuedEvents = 64;

    private readonly TunnelLink _owner;
    private readonly TimeProvider _time;
    private readonly LinkLifecycle _lifecycle = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drainAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _pings = new();
    private readonly Channel<LinkEvent> _events = Channel.CreateBounded<LinkEvent>(MaxQueuedEvents);
    private long _lastPing;
    private int _operations;

    public RunnerLink(TunnelLink owner, TimeProvider time)
    {
        _owner = owner;
        _time = time;
        Closed = _closed.Token;
    }

    public LinkState State => _lifecycle.State;

    /// <summary>Completes when the gateway has opened the link.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Completes when either end wants the link to end: time for the runner to dial the next one, if it goes on.</summary>
    public Task DrainAsked => _drainAsked.Task;

    /// <summary>How long the gateway asks the runner to wait before it dials again.</summary>
    public TimeSpan RetryAfter { get; private set; }

    /// <summary>The gateway's word of refusal, if it said one.</summary>
    public LinkRefusal? Refusal { get; private set; }

    /// <summary>When the gateway opened the link, as a time stamp of the time provider; 0 before.</summary>
    public long OpenedAt { get; private set; }

    /// <summary>Whether the runner has said that it takes operations.</summary>
    public bool AcceptsOperations => _owner.AcceptsOperations;

    public ChannelReader<LinkEvent> Events => _events.Reader;

    public CancellationToken Closed { get; }

    /// <summary>Operations under way.</summary>
    public int Operations => Volatile.Read(ref _operations);

    /// <summary>The gateway opens the link. False when it has done so before.</summary>
    public bool TryOpen()
    {
        if (!_lifecycle.TryMoveTo(LinkState.Ready))
            return false;
        OpenedAt = _time.GetTimestamp();
        _owner.Opened(this);
        _opened.TrySetResult();
        return true;
    }

    /// <summary>Tells the gateway that the runner takes operations.</summary>
    public void AcceptOperations() => _events.Writer.TryWrite(new LinkEvent(LinkEvent.Ready));

    public void BeginOperation() => Interlocked.Increment(ref _operations);

    public void EndOperation() => Interlocked.Decrement(ref _operations);

    /// <summary>The gateway wants the link to end.</summary>
    public void DrainByGateway(TimeSpan retryAfter)
    {
        RetryAfter = retryAfter;
        Drain();
    }

    /// <summary>The runner wants the link to end: tells the gateway.</summary>
    public void DrainByRunner()
    {
        _events.Writer.TryWrite(new LinkEvent(LinkEvent.Draining));
        Drain();
    }

    public void Refuse(LinkRefusal refusal)
    {
        Refusal = refusal;
        _owner.Refuse(refusal);
    }

    public void Pong(long id)
    {
        if (_pings.TryRemove(id, out var waiting))
            waiting.TrySetResult();
    }

    public async Task<TimeSpan> RoundTripAsync(CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastPing);
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Closed);
        var began = _time.GetTimestamp();
        _pings[id] = waiting;
        try
        {
            if (!_events.Writer.TryWrite(new LinkEvent(LinkEvent.Ping, id)))
                throw new IOException("the tunnel does not take pings: its output is stalled");
            await waiting.Task.WaitAsync(either.Token).ConfigureAwait(false);
            return _time.GetElapsedTime(began);
        }
        catch (OperationCanceledException) when (Closed.IsCancellationRequested)
        {
            throw new IOException("the tunnel broke before the gateway answered");
        }
        finally
        {
            _pings.TryRemove(id, out _);
        }
    }

    /// <summary>The connection is gone.</summary>
    public void Close()
    {
        if (!_lifecycle.TryMoveTo(LinkState.Closed))
            return;
        _closed.Cancel();
        _events.Writer.TryComplete();
        _drainAsked.TrySetResult();
        _owner.Ended(this);
    }

    public void Dispose()
    {
        Close();
        _closed.Dispose();
    }

    private void Drain()
    {
        if (_lifecycle.TryMoveTo(LinkState.Draining))
            _owner.Drains(this);
        _drainAsked.TrySetResult();
    }
}
