using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Planton.Server.Errors;
using Planton.Server.Quotas;

namespace Planton.Server.ApiKeys;

/// <summary>
/// Counts failed authentications minute by minute, by source address and by key. It limits failures alone: a key that is good works
/// from an address that presents others which are not, because many share one, behind a proxy all of them.
/// </summary>
internal sealed partial class AuthenticationFailures(
    KnownKeyIds known, QuotaOptions quotas, TimeProvider time, ILogger<AuthenticationFailures> logger) : BackgroundService
{
    /// <summary>How many addresses, and keys, are told apart in a minute; the failures of other addresses are counted together.</summary>
    public const int MaxCounted = 10_000;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // The address's lines of one minute.
    private const int MaxLogged = 20;
    private const string Others = "others";

    private Minute _minute = new(time.GetTimestamp());

    /// <summary>What stands for a client's address: of IPv6 the network, of which one machine has all addresses.</summary>
    public static string SourceOf(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => $"{new IPAddress([.. address.GetAddressBytes().AsSpan(0, 8), .. new byte[8]])}/64",
        _ => address.ToString(),
    };

    /// <summary>The verdict on a key that is surely not good, without a query for it; null when it must be looked up.</summary>
    public async ValueTask<ApiKeyVerdict?> RefuseAsync(string text, string source, CancellationToken cancellationToken)
    {
        var minute = Current;
        if ((minute.Sources.IsEmpty && minute.Keys.IsEmpty) || ApiKeyText.TryParse(text, out var id, out var secret) != ApiKeyForm.Good)
            return null;
        if (minute.Keys.TryGetValue(id, out var failed) && failed.Count.Value >= quotas.KeyAuthenticationFailures)
        {
            // A hash belongs to its id for ever. What made the right secret fail is looked at again in the next minute.
            return CryptographicOperations.FixedTimeEquals(ApiKeyText.Hash(secret), failed.Key.SecretHash)
                ? failed.OfRightSecret
                : new ApiKeyVerdict(null, ApiKeyErrors.Unknown, failed.Key);
        }

        var over = minute.Sources.TryGetValue(source, out var count) && count.Value >= quotas.AddressAuthenticationFailures;
        return over && !await known.MayExistAsync(id, cancellationToken).ConfigureAwait(false) ? new ApiKeyVerdict(null, ApiKeyErrors.Unknown, null) : null;
    }

    /// <summary>Counts a failure. Returns what it is answered instead when the address has had too many.</summary>
    public Error? Note(string source, ApiKeyVerdict verdict)
    {
        var minute = Current;
        if (verdict.Known is { } key && (minute.Keys.Count < MaxCounted || minute.Keys.ContainsKey(key.Id)))
        {
            var failed = minute.Keys.GetOrAdd(key.Id, _ => new FailedKey(key));
            failed.Count.Increment();
            if (verdict.SecretFits)
                failed.OfRightSecret = verdict;
        }

        var known = minute.Sources.Count < MaxCounted || minute.Sources.ContainsKey(source);
        var number = minute.Sources.GetOrAdd(known ? source : Others, _ => new Counter()).Increment();
        if (number == quotas.AddressAuthenticationFailures + 1 && Interlocked.Increment(ref minute.Logged) <= MaxLogged)
            LogMany(source, quotas.AddressAuthenticationFailures);
        return number > quotas.AddressAuthenticationFailures ? ApiKeyErrors.TooManyFailures(quotas, Window - time.GetElapsedTime(minute.Began)) : null;
    }

    /// <summary>Ends the minute.</summary>
    public void EndWindow()
    {
        var ended = Interlocked.Exchange(ref _minute, new Minute(time.GetTimestamp()));
        foreach (var (source, count) in ended.Sources.Where(pair => pair.Value.Value > quotas.AddressAuthenticationFailures).Take(MaxLogged))
            LogCounted(count.Value, source);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Window, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
                EndWindow();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left of the minute is of no use any more.
        }
    }

    private Minute Current => Volatile.Read(ref _minute);

    [LoggerMessage(Level = LogLevel.Warning, Message = "More than {Limit} authentications from {Source} failed within a minute; further failures are answered with 429, and counted")]
    private partial void LogMany(string source, int limit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} authentications from {Source} failed within a minute")]
    private partial void LogCounted(long count, string source);

    private sealed class Minute(long began)
    {
        public long Began { get; } = began;

        public ConcurrentDictionary<string, Counter> Sources { get; } = new(StringComparer.Ordinal);

        public ConcurrentDictionary<string, FailedKey> Keys { get; } = new(StringComparer.Ordinal);

        public int Logged;
    }

    private sealed class FailedKey(ApiKeyEntity key)
    {
        public ApiKeyEntity Key { get; } = key;

        public Counter Count { get; } = new();

        public ApiKeyVerdict? OfRightSecret { get; set; }
    }

    private sealed class Counter
    {
        private long _value;

        public long Value => Interlocked.Read(ref _value);

        public long Increment() => Interlocked.Increment(ref _value);
    }
}
