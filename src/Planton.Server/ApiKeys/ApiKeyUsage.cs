using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;

namespace Planton.Server.ApiKeys;

/// <summary>
/// Writes when keys were last used: at most once a minute each, and never while a request waits for it. What does not fit the
/// queue is dropped, and noted at the key's next use.
/// </summary>
internal sealed partial class ApiKeyUsage(IDbContextFactory<ControlPlaneContext> contexts, TimeProvider time, ILogger<ApiKeyUsage> logger)
    : BackgroundService
{
    private const int QueueLength = 1024;
    private const int MaxRemembered = 10_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _written = new(StringComparer.Ordinal);

    private readonly Channel<(string KeyId, DateTimeOffset Time)> _queue = Channel.CreateBounded<(string, DateTimeOffset)>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public void Note(string keyId)
    {
        var now = time.GetStorableNow();
        if (_written.TryGetValue(keyId, out var last) && now - last < Interval)
            return;
        if (_written.Count >= MaxRemembered)
            _written.Clear();
        if (_queue.Writer.TryWrite((keyId, now)))
            _written[keyId] = now;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var (keyId, used) in _queue.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false))
                await WriteAsync(keyId, used, stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task WriteAsync(string keyId, DateTimeOffset used, CancellationToken cancellationToken)
    {
        try
        {
            var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = context.ConfigureAwait(false);
            await context.ApiKeys
                .Where(key => key.Id == keyId)
                .ExecuteUpdateAsync(set => set.SetProperty(key => key.LastUsedAt, used), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (System.Data.Common.DbException exception)
        {
            LogNotWritten(exception, keyId);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last use of API key {KeyId} was not written")]
    private partial void LogNotWritten(Exception exception, string keyId);
}
