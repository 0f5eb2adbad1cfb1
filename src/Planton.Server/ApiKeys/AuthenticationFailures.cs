using System.Collections.Concurrent;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Hosting;
using Planton.Server.Storage;

namespace Planton.Server.ApiKeys;

/// <summary>
/// Bounds what failed authentications write: the public id of a key is enough to provoke a record, and it is no secret. The
/// first of each minute are recorded one by one, the rest as one number at its end.
/// </summary>
internal sealed partial class AuthenticationFailures(IAuditLog audit, TimeProvider time, ILogger<AuthenticationFailures> logger) : BackgroundService
{
    /// <summary>How many refusals of one key are recorded singly in a minute.</summary>
    public const int MaxRecorded = 10;

    /// <summary>How many keys are told apart in a minute; the refusals of others are counted together.</summary>
    public const int MaxKeys = 1_000;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private static readonly Key Others = new("", null, null);

    // What could not be recorded at the end of its minute. At most MaxKeys and the others.
    private readonly Dictionary<string, (Key Key, long Count)> _unrecorded = new(StringComparer.Ordinal);

    private readonly BackgroundLoop _loop = new("recording how many authentications were refused", Window, time, logger);
    private ConcurrentDictionary<string, Count> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts a refusal of <paramref name="key"/>, and says whether it is one to record singly.</summary>
    public bool Note(ApiKeyEntity key)
    {
        var counts = Volatile.Read(ref _counts);
        var known = counts.Count < MaxKeys || counts.ContainsKey(key.Id);
        var count = known
            ? counts.GetOrAdd(key.Id, _ => new Count(new Key(key.Id, key.UserId, key.ServiceAccountId)))
            : counts.GetOrAdd(Others.Id, _ => new Count(Others));
        var number = count.Increment();
        if (number == MaxRecorded + 1)
            LogMany(count.Key.Id, MaxRecorded);
        return number <= MaxRecorded && known;
    }

    /// <summary>Ends the minute: records how many refusals were not recorded singly. What cannot be recorded is kept for the next end.</summary>
    public async Task EndWindowAsync(CancellationToken cancellationToken)
    {
        var ended = Interlocked.Exchange(ref _counts, new ConcurrentDictionary<string, Count>(StringComparer.Ordinal));
        foreach (var count in ended.Values)
        {
            var unrecorded = count.Key == Others ? count.Value : count.Value - MaxRecorded;
            if (unrecorded > 0)
                Keep(count.Key, unrecorded);
        }

        foreach (var (id, (key, count)) in _unrecorded.ToList())
        {
            await RecordAsync(key, count, cancellationToken).ConfigureAwait(false);
            _unrecorded.Remove(id);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await _loop.TryAsync(EndWindowAsync, cancellationToken).ConfigureAwait(false);
    }

    // StopAsync records what is left.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _loop.RunAsync(EndWindowAsync, stoppingToken);

    private void Keep(Key key, long count)
    {
        var place = _unrecorded.ContainsKey(key.Id) || _unrecorded.Count < MaxKeys ? key : Others;
        _unrecorded[place.Id] = (place, count + (_unrecorded.TryGetValue(place.Id, out var before) ? before.Count : 0));
    }

    private Task RecordAsync(Key key, long unrecorded, CancellationToken cancellationToken) => audit.RecordAsync(
        new AuditEntry
        {
            OperationId = ControlPlaneContext.NewId(),
            Actor = key == Others ? AuditActor.Anonymous : ActorOf(key.Id, key.UserId, key.ServiceAccountId),
            Action = AuditAction.Authenticate,
            Resource = key == Others ? "api-key/others" : $"api-key/{key.Id}",
            Outcome = AuditOutcome.Denied,
            Code = Api.Errors.ErrorCode.Unauthenticated,
            Detail = $"{unrecorded} more in this minute, not recorded singly",
        },
        cancellationToken);

    /// <summary>Named by the key that was presented, which is all that is known: its holder was not proved to be its owner.</summary>
    public static AuditActor ActorOf(string keyId, string? userId, string? serviceAccountId) =>
        new(userId is null ? CallerKind.ServiceAccount : CallerKind.User, userId ?? serviceAccountId ?? "", $"holder of key {keyId}", keyId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "API key {KeyId} was refused more than {Count} times in a minute; the rest are counted")]
    private partial void LogMany(string keyId, int count);

    private sealed record Key(string Id, string? UserId, string? ServiceAccountId);

    private sealed class Count(Key key)
    {
        private long _value;

        public Key Key { get; } = key;

        public long Value => Interlocked.Read(ref _value);

        public long Increment() => Interlocked.Increment(ref _value);
    }
}
