using Planton.Server.Connections;
using Planton.Server.Errors;

namespace Planton.Server.Authorization;

/// <summary>
/// An operation that lasts, and ends when its caller may not do it any more, or its connection may not be used for it. While it is
/// in flight, the request counts as aborted from that moment on, so that whatever serves it stops.
/// </summary>
internal sealed class LiveOperation : IDisposable
{
    private readonly HttpContext _http;
    private readonly LiveOperations _all;
    private readonly CancellationToken _clientGone;
    private readonly CancellationTokenSource _stop;
    private Error? _cut;
    private LiveTarget? _target;

    public LiveOperation(HttpContext http, LiveOperations all, CallerIdentity caller, string organizationId, Permission permission)
    {
        (_http, _all) = (http, all);
        (Caller, OrganizationId, Permission) = (caller, organizationId, permission);
        _clientGone = http.RequestAborted;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_clientGone);
        http.RequestAborted = _stop.Token;
    }

    public CallerIdentity Caller { get; }

    public string OrganizationId { get; }

    public Permission Permission { get; }

    /// <summary>What it goes through; null as long as that is not known.</summary>
    public LiveTarget? Target
    {
        get => Volatile.Read(ref _target);
        set => Volatile.Write(ref _target, value);
    }

    /// <summary>Why it was cut; null when it was not.</summary>
    public Error? Cut => Volatile.Read(ref _cut);

    /// <summary>Ends it, without waiting until it has.</summary>
    public async Task CutAsync(Error reason)
    {
        if (Interlocked.CompareExchange(ref _cut, reason with { Detail = $"the operation was cut: {reason.Detail}" }, null) is not null)
            return;
        try
        {
            await _stop.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    public void Dispose()
    {
        _all.End(this);
        // What is left to say, that it was cut and why, is said to a client who may still be there.
        _http.RequestAborted = _clientGone;
        _stop.Dispose();
    }
}
