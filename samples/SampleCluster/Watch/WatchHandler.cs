using SampleCluster.Api;
using SampleCluster.Objects;

namespace SampleCluster.Watch;

/// <summary><c>GET …?watch=true</c>: one line of JSON for each change, for as long as the client stays.</summary>
internal sealed class WatchHandler(ObjectStore store, IHostApplicationLifetime lifetime)
{
    private const int DefaultTimeoutSeconds = 3600;
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromSeconds(30);

    public async Task HandleAsync(HttpContext context, ListRequest request)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var seconds = Math.Clamp(request.Number("timeoutSeconds") ?? DefaultTimeoutSeconds, 1, DefaultTimeoutSeconds);
        using var timer = store.Time.CreateTimer(_ => end.Cancel(), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-cache, private";
        await context.Response.StartAsync(end.Token);
        await context.Response.Body.FlushAsync(end.Token);
        try
        {
            await FollowAsync(context, request, end.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // Its time is over: the stream ends well, and the client watches on from its last version.
        }
        finally
        {
            // The timer's callback must not outlive what it cancels.
            await timer.DisposeAsync();
        }
    }

    private async Task FollowAsync(HttpContext context, ListRequest request, CancellationToken cancellationToken)
    {
        var events = new WatchEventWriter(context.Response, request, store.Time);
        var bookmarks = request.Flag("allowWatchBookmarks");
        var version = await StartAsync(events, request, bookmarks, cancellationToken);
        while (true)
        {
            var (newest, changes) = store.Since(version);
            if (changes is null)
            {
                await events.WriteErrorAsync(ApiStatus.Expired(version), cancellationToken);
                return;
            }

            foreach (var change in changes)
                await WriteChangeAsync(events, request, change, cancellationToken);
            version = newest;
            await events.FlushAsync(cancellationToken);
            try
            {
                await store.WaitAsync(version, cancellationToken).WaitAsync(BookmarkInterval, store.Time, cancellationToken);
            }
            catch (TimeoutException)
            {
                if (bookmarks)
                    await events.WriteBookmarkAsync(version, initialEventsEnd: false, cancellationToken);
            }
        }
    }

    /// <summary>Sends what there is already when the client asks for it; returns the version to go on from.</summary>
    private async Task<long> StartAsync(WatchEventWriter events, ListRequest request, bool bookmarks, CancellationToken cancellationToken)
    {
        var initial = request.Flag("sendInitialEvents");
        if (!initial && request.Number("resourceVersion") is > 0 and var given)
            return given;
        var (version, objects) = store.List(request.Type, request.Selector.Namespace);
        foreach (var stored in objects.Where(request.Selector.Matches))
            await events.WriteAsync("ADDED", stored, cancellationToken);
        if (initial && bookmarks)
            await events.WriteBookmarkAsync(version, initialEventsEnd: true, cancellationToken);
        await events.FlushAsync(cancellationToken);
        return version;
    }

    /// <summary>An object that begins or ceases to match the selector is added or deleted as far as this client can see.</summary>
    private static Task WriteChangeAsync(WatchEventWriter events, ListRequest request, ObjectChange change, CancellationToken cancellationToken)
    {
        if (change.Object.Type != request.Type)
            return Task.CompletedTask;
        var before = change.Previous is { } previous && request.Selector.Matches(previous);
        var after = !change.Deleted && request.Selector.Matches(change.Object);
        return (before, after) switch
        {
            (false, true) => events.WriteAsync("ADDED", change.Object, cancellationToken),
            (true, true) => events.WriteAsync("MODIFIED", change.Object, cancellationToken),
            (true, false) => events.WriteAsync("DELETED", change.Object, cancellationToken),
            _ => Task.CompletedTask,
        };
    }
}
