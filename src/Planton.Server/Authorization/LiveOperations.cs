using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Planton.Server.ApiKeys;
using Planton.Server.Errors;
using Planton.Server.Hosting;
using Planton.Server.Storage;

namespace Planton.Server.Authorization;

/// <summary>
/// The operations under way, and what ends them: a key that is revoked or expires, a user or service account that is deleted, a
/// membership or role that is taken away. What changes here is looked at at once; what time or another node changes, four times
/// a second.
/// </summary>
internal sealed partial class LiveOperations : BackgroundService
{
    /// <summary>How long a change that was made elsewhere stays unseen.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly IDbContextFactory<ControlPlaneContext> _contexts;
    private readonly ApiKeyOwnerCache _callers;
    private readonly TimeProvider _time;
    private readonly ILogger<LiveOperations> _logger;
    private readonly ConcurrentDictionary<LiveOperation, bool> _live = new();

    // One is enough: whoever looks afterwards sees all that changed before.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    // What waits for it; kept from one wait to the next.
    private Task<bool>? _woken;

    public LiveOperations(
        IDbContextFactory<ControlPlaneContext> contexts, ApiKeyOwnerCache callers, TimeProvider time, ILogger<LiveOperations> logger)
    {
        (_contexts, _callers, _time, _logger) = (contexts, callers, time, logger);
        _callers.Cleared += Wake;
    }

    public int Count => _live.Count;

    /// <summary>Notes that an operation begins for which the request's caller was let in.</summary>
    public LiveOperation Begin(HttpContext http, string organizationId, Permission permission)
    {
        var operation = new LiveOperation(http, this, http.GetCaller(), organizationId, permission);
        _live[operation] = true;
        return operation;
    }

    /// <summary>Runs an endpoint that lasts. It stops with the request, by the token of that.</summary>
    public async Task<IResult> RunAsync(HttpContext http, string organization, Permission permission, Func<Task<IResult>> endpoint)
    {
        // Who is no member is refused by the endpoint, which records it.
        var membership = http.GetCaller().Memberships.FirstOrDefault(membership => membership.OrganizationName == organization);
        using var running = membership is null ? null : Begin(http, membership.OrganizationId, permission);
        try
        {
            return await endpoint().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (running?.Cut is not null)
        {
            return new ErrorResult(running.Cut);
        }
    }

    public void End(LiveOperation operation) => _live.TryRemove(operation, out _);

    public override void Dispose()
    {
        _callers.Cleared -= Wake;
        base.Dispose();
    }

    // Apart from each other: a key expires on time while the database lets the other wait.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        new BackgroundLoop("ending operations whose key has expired", Interval, _time, _logger).RunAsync(CutExpiredAsync, stoppingToken),
        new BackgroundLoop("looking whether operations under way are still allowed", Interval, _time, _logger)
            .RunAsync(ReviewAsync, stoppingToken, WaitAsync));

    private async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        _woken ??= _wake.Reader.ReadAsync(cancellationToken).AsTask();
        await (await Task.WhenAny(Task.Delay(pause, _time, cancellationToken), _woken).ConfigureAwait(false)).ConfigureAwait(false);
        if (_woken.IsCompleted)
            _woken = null;
    }

    private async Task CutExpiredAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        foreach (var expired in _live.Keys.Where(operation => operation.Caller.ApiKeyExpiresAt <= now))
            await CutAsync(expired, ApiKeyErrors.Expired(expired.Caller.ApiKeyId, expired.Caller.ApiKeyExpiresAt!.Value)).ConfigureAwait(false);
    }

    // When the database does not answer, nothing new begins; what is under way goes on, and is looked at again in a moment.
    private async Task ReviewAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var live = _live.Keys.ToList();
        if (live.Count == 0)
            return;
        var context = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var good = await LiveAccess.ReadAsync(context, live, now, cancellationToken).ConfigureAwait(false);
        foreach (var doubtful in live.Where(operation => operation.Cut is null && !good.Allows(operation)).GroupBy(operation => operation.Caller.ApiKeyId))
        {
            var caller = await CallerReader.ReadNowAsync(context, doubtful.Key, now, cancellationToken).ConfigureAwait(false);
            foreach (var operation in doubtful)
            {
                var reason = caller.Succeeded ? Authorizer.Check(caller.Value, operation.OrganizationId, operation.Permission) : caller.Error;
                if (reason is not null)
                    await CutAsync(operation, reason).ConfigureAwait(false);
            }
        }
    }

    private Task CutAsync(LiveOperation operation, Error reason)
    {
        LogCut(operation.Caller.Name, operation.Caller.ApiKeyId, reason.Code, reason.Detail);
        return operation.CutAsync(reason);
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    [LoggerMessage(Level = LogLevel.Information, Message = "An operation of {Caller} with key {KeyId} is cut: {Code}: {Detail}")]
    private partial void LogCut(string caller, string keyId, string code, string detail);
}
