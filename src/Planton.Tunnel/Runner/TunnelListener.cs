using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Planton.Tunnel.Links;

namespace Planton.Tunnel.Runner;

/// <summary>
/// A listener that dials out: each accept returns the next link to the gateway, so that Kestrel serves HTTP/2 on it as on
/// any accepted connection. There is one link at a time, and beside it those that drain.
/// </summary>
internal sealed partial class TunnelListener(
    EndPoint endPoint, TunnelRunnerOptions options, TunnelDialer dialer, TunnelLink tunnel, TimeProvider time, ILogger<TunnelListener> logger)
    : IConnectionListener
{
    private readonly CancellationTokenSource _unbound = new();
    private readonly Backoff _backoff = new(options.BackoffFirst, options.BackoffCap, Random.Shared.NextDouble);
    private RunnerLink? _current;
    private int _connections;

    public EndPoint EndPoint => endPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_unbound.Token, cancellationToken);
        try
        {
            if (_current is not null)
                await EndOfAsync(_current, stop.Token).ConfigureAwait(false);
            return await DialUntilConnectedAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _unbound.Cancel();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _unbound.Cancel();
        return ValueTask.CompletedTask;
    }

    private async Task EndOfAsync(RunnerLink link, CancellationToken stop)
    {
        await link.DrainAsked.WaitAsync(stop).ConfigureAwait(false);
        if (tunnel.Refused.IsCompleted)
        {
            // Nothing will come of another dial. Whoever watches TunnelLink.Refused stops the process.
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stop).ConfigureAwait(false);
        }

        // Another link takes the place of one that is well: nobody waits for it, and nothing has failed.
        if (link is { Replaced: true, State: LinkState.Ready })
            return;
        var wait = AfterLink(link);
        if (link.State is LinkState.Closed)
            LogLost(tunnel.Status.LastError ?? "", wait.TotalMilliseconds);
        await Task.Delay(wait, time, stop).ConfigureAwait(false);
    }

    private TimeSpan AfterLink(RunnerLink link)
    {
        if (link.Opened.IsCompleted && time.GetElapsedTime(link.OpenedAt) >= options.StableAfter)
            _backoff.Reset();
        // Also of a link that was opened: how many tunnels there are, the gateway sees when it has heard the greeting.
        if (link.Refusal is { } refusal)
            tunnel.Failed(DialFailure.RefusedForNow, refusal.Detail);
        else if (!link.Opened.IsCompleted)
            tunnel.Failed(DialFailure.ClosedBeforeGreeting,
                $"{options.Host}:{options.Port} closed the connection right after the handshake: it did not accept this runner's certificate, or something in between closed it");
        else if (link.State is LinkState.Closed)
            tunnel.Failed(DialFailure.Lost, "the connection to the gateway broke");

        return link.RetryAfter + (link.Refusal?.RetryAfter ?? TimeSpan.Zero) + _backoff.Next();
    }

    private async Task<ConnectionContext> DialUntilConnectedAsync(CancellationToken stop)
    {
        while (true)
        {
            tunnel.Dialling(_backoff.Failures + 1);
            try
            {
                return await DialAsync(stop).ConfigureAwait(false);
            }
            catch (DialException e)
            {
                var wait = _backoff.Next();
                tunnel.Failed(e.Failure, e.Message);
                LogDialFailed(e.Message, wait.TotalMilliseconds);
                await Task.Delay(wait, time, stop).ConfigureAwait(false);
            }
        }
    }

    private async Task<ConnectionContext> DialAsync(CancellationToken stop)
    {
        var (stream, socket, identity) = await dialer.DialAsync(time, stop).ConfigureAwait(false);
        var link = new RunnerLink(tunnel, time, identity.ExpiresAt);
        _current = link;
        var connection = new TunnelConnection($"tunnel-{Interlocked.Increment(ref _connections)}", stream, socket, link);
        _ = AbortUnlessOpenedAsync(connection, link);
        return connection;
    }

    private async Task AbortUnlessOpenedAsync(TunnelConnection connection, RunnerLink link)
    {
        try
        {
            await link.Opened.WaitAsync(options.GreetingTimeout, time, link.Closed).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            LogNoGreeting(options.GreetingTimeout.TotalSeconds);
            connection.Abort(new ConnectionAbortedException("the gateway did not open the link in time"));
        }
        catch (OperationCanceledException)
        {
            // Closed before it was opened: the accept loop tells why.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tunnel not connected: {Reason}; next try in {WaitMs:0} ms")]
    private partial void LogDialFailed(string reason, double waitMs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tunnel closed: {Reason}; next try in {WaitMs:0} ms")]
    private partial void LogLost(string reason, double waitMs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The gateway did not open the link within {Seconds:0} s of the handshake")]
    private partial void LogNoGreeting(double seconds);
}
