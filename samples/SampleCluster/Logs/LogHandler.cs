using System.Globalization;
using System.Text;
using SampleCluster.Api;
using SampleCluster.Objects;

namespace SampleCluster.Logs;

/// <summary><c>GET …/pods/NAME/log</c>.</summary>
internal sealed class LogHandler(ObjectStore store, IHostApplicationLifetime lifetime)
{
    private const int BatchLines = 512;

    public async Task HandleAsync(HttpContext context, StoredObject pod)
    {
        var status = LogQuery.TryRead(context.Request.Query, store.Time.GetUtcNow(), out var query, out var fault)
            ? LogSource.Find(pod, query, out var log)
            : SetNone(fault, out log);
        if (status is not null)
        {
            await context.Response.WriteStatusAsync(status, context.RequestAborted);
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = "text/plain";
        try
        {
            await WriteAsync(context.Response, pod, log, query, end.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The sample stops: the stream ends.
        }
    }

    private static ApiStatus SetNone(string fault, out ContainerLog log)
    {
        log = null!;
        return ApiStatus.BadRequest(fault);
    }

    private async Task WriteAsync(HttpResponse response, StoredObject pod, ContainerLog log, LogQuery query, CancellationToken cancellationToken)
    {
        var count = log.Count(store.Time.GetUtcNow());
        var line = query.TailLines is { } tail ? Math.Max(0, count - tail) : 0;
        if (query.Since is { } since)
            line = Math.Max(line, log.FirstSince(since));
        var left = query.LimitBytes ?? long.MaxValue;
        while (true)
        {
            for (count = log.Count(store.Time.GetUtcNow()); line < count && left > 0;)
            {
                var until = Math.Min(count, line + BatchLines);
                left = await WriteBatchAsync(response, log, line, until, query.Timestamps, left, cancellationToken);
                line = until;
            }

            await response.Body.FlushAsync(cancellationToken);
            if (!query.Follow || log.Ended || left <= 0 || !IsStill(pod))
                return;
            var wait = log.TimeOf(Math.Max(line, count)) - store.Time.GetUtcNow();
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1), store.Time, cancellationToken);
        }
    }

    private bool IsStill(StoredObject pod) => store.Get(pod.Type, pod.Namespace, pod.Name)?.Uid == pod.Uid;

    private static async Task<long> WriteBatchAsync(
        HttpResponse response, ContainerLog log, long from, long until, bool timestamps, long left, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        for (var line = from; line < until; line++)
        {
            if (timestamps)
                text.Append(log.TimeOf(line).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z' ", CultureInfo.InvariantCulture));
            text.Append(log.TextOf(line)).Append('\n');
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        var take = (int)Math.Min(left, bytes.Length);
        await response.Body.WriteAsync(bytes.AsMemory(0, take), cancellationToken);
        return left - take;
    }
}
