using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Server.ApiKeys;
using Planton.Server.Connections;
using Planton.Server.Errors;
using Planton.Server.Hosting;
using Planton.Server.Storage;

namespace Planton.Server.Authorization;

/// <summary>
/// The operations in flight, and what ends them: a key that is revoked or expires, a user who is suspended, a user or service
/// account that is deleted, a membership or role that is taken away, a connection that is deleted or not for their environment any
/// more. Changes made here are applied at once; those of time or of another node are read four times a second.
/// </summary>
internal sealed partial class LiveOperations : BackgroundService
{
    /// <summary>How long a change that was made elsewhere stays unseen.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // A database that hangs is as unreachable as one that is gone.
    private static readonly TimeSpan ReviewTimeout = TimeSpan.FromSeconds(5);

    private readonly IDbContextFactory<ControlPlaneContext> _contexts;
    private readonly ApiKeyOwnerCache _callers;
    private readonly TimeSpan _grace;
    private readonly TimeProvider _time;
    private readonly ILogger<LiveOperations> _logger;
    private readonly ConcurrentDictionary<LiveOperation, bool> _live = new();

    // One is enough: whoever looks afterwards sees all that changed before.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private long _changes;
    private long _reviewedAt;

    public LiveOperations(
        IDbContextFactory<ControlPlaneContext> contexts, ApiKeyOwnerCache callers, ServerOptions options, TimeProvider time, ILogger<LiveOperations> logger)
    {
        (_contexts, _callers, _grace, _time, _logger) = (contexts, callers, options.DatabaseGrace, time, logger);
        _callers.Cleared += Wake;
    }

    public int Count => _live.Count;

    /// <summary>
    /// How often <see cref="ReviewNow"/> was called. If it changed between reading a connection and <see cref="Begin"/>, the
    /// connection must be read again: the operation may have missed the review.
    /// </summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <summary>Notes that an operation begins for which the request's caller was let in.</summary>
    public LiveOperation Begin(HttpContext http, string organizationId, Permission permission, LiveTarget? target = null)
    {
        var operation = new LiveOperation(http, this, http.GetCaller(), organizationId, permission) { Target = target };
        _live[operation] = true;
        return operation;
    }

    /// <summary>To be called after a change of a connection or an environment is stored: aborts what it no longer allows.</summary>
    public void ReviewNow()
    {
        Interlocked.Increment(ref _changes);
        Wake();
    }

    /// <summary>Runs an endpoint that lasts. It stops with the request, by the token of that.</summary>
    public async Task<IResult> RunAsync(HttpContext http, string organization, Permission permission, Func<LiveOperation?, Task<IResult>> endpoint)
    {
        // Who is no member is refused by the endpoint, which records it.
        var membership = http.GetCaller().Memberships.FirstOrDefault(membership => membership.OrganizationName == organization);
        using var running = membership is null ? null : Begin(http, membership.OrganizationId, permission);
        try
        {
            return await endpoint(running).ConfigureAwait(false);
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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _reviewedAt = _time.GetTimestamp();
        var tick = Task.Delay(Interval, _time, stoppingToken);
        var woken = _wake.Reader.ReadAsync(stoppingToken).AsTask();
        try
        {
            while (true)
            {
                await (await Task.WhenAny(tick, woken).ConfigureAwait(false)).ConfigureAwait(false);
                if (tick.IsCompleted)
                    tick = Task.Delay(Interval, _time, stoppingToken);
                if (woken.IsCompleted)
                    woken = _wake.Reader.ReadAsync(stoppingToken).AsTask();
                await TryReviewAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops: what is under way is drained by whoever serves it.
        }
    }

    private async Task TryReviewAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ReviewTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await ReviewAsync(either.Token).ConfigureAwait(false);
            _reviewedAt = _time.GetTimestamp();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing new begins without the database either; what is in flight is reviewed again in a moment.
            LogNotReviewed(exception);
            if (_time.GetElapsedTime(_reviewedAt) >= _grace)
                await CutUnreviewedAsync().ConfigureAwait(false);
        }
    }

    // Another node may have the database, and have revoked what runs here.
    private async Task CutUnreviewedAsync()
    {
        var reason = new Error(
            ErrorCode.Unavailable, $"for {_grace.TotalSeconds:0} s the database could not be asked whether it is still allowed",
            "It may have run. Try again when the control plane has its database back.");
        foreach (var operation in _live.Keys)
            await CutAsync(operation, reason).ConfigureAwait(false);
    }

    private async Task ReviewAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var live = _live.Keys.ToList();
        // Needs no database, and so also happens without it.
        foreach (var expired in live.Where(operation => operation.Caller.ApiKeyExpiresAt <= now))
            await CutAsync(expired, ApiKeyErrors.Expired(expired.Caller.ApiKeyId, expired.Caller.ApiKeyExpiresAt!.Value)).ConfigureAwait(false);
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

        foreach (var frozen in live.Where(operation => operation.Cut is null && good.IsFrozen(operation)))
            await CutAsync(frozen, OrganizationErrors.Frozen(NameOf(frozen))).ConfigureAwait(false);
        var targets = live.Where(operation => operation.Cut is null).ToLookup(operation => operation.Target);
        var connections = await LiveConnections.ReadAsync(context, [.. targets.Select(group => group.Key).OfType<LiveTarget>()], cancellationToken).ConfigureAwait(false);
        foreach (var group in targets)
        {
            if (group.Key is null || connections.Check(group.Key) is not { } reason)
                continue;
            foreach (var operation in group)
                await CutAsync(operation, reason).ConfigureAwait(false);
        }
    }

    private static string NameOf(LiveOperation operation) =>
        operation.Caller.Memberships.First(membership => membership.OrganizationId == operation.OrganizationId).OrganizationName;

    private Task CutAsync(LiveOperation operation, Error reason)
    {
        LogCut(operation.Caller.Name, operation.Caller.ApiKeyId, reason.Code, reason.Detail);
        return operation.CutAsync(reason);
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    [LoggerMessage(Level = LogLevel.Information, Message = "An operation of {Caller} with key {KeyId} is cut: {Code}: {Detail}")]
    private partial void LogCut(string caller, string keyId, string code, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether the operations under way are still allowed could not be read")]
    private partial void LogNotReviewed(Exception exception);
}
