using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Hosting;
using Planton.Server.Storage;

namespace Planton.Server.ApiKeys;

/// <summary>
/// Writes when keys were last used: at most once a minute each, and never while a request waits for it. What does not fit the
/// queue is dropped, and noted at the key's next use.
/// </summary>
internal sealed class ApiKeyUsage(IDbContextFactory<ControlPlaneContext> contexts, TimeProvider time, ILogger<ApiKeyUsage> logger)
    : BackgroundService
{
    private const int QueueLength = 1024;
    private const int MaxOfTransaction = 100;
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

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new BackgroundLoop("writing when API keys were last used", TimeSpan.Zero, time, logger).RunAsync(WriteAsync, stoppingToken, WaitAsync);

    private async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        await _queue.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        var taken = new List<(string KeyId, DateTimeOffset Time)>();
        while (taken.Count < MaxOfTransaction && _queue.Reader.TryRead(out var use))
            taken.Add(use);
        try
        {
            var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = transaction.ConfigureAwait(false);
            foreach (var (keyId, used) in taken)
            {
                await transaction.Context.ApiKeys
                    .Where(key => key.Id == keyId)
                    .ExecuteUpdateAsync(set => set.SetProperty(key => key.LastUsedAt, used), cancellationToken)
                    .ConfigureAwait(false);
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Noted anew at their next use.
            taken.ForEach(use => _written.TryRemove(use.KeyId, out _));
            throw;
        }
    }
}
