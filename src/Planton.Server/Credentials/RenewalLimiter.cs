using System.Collections.Concurrent;
using Planton.Server.CertificateAuthority;

namespace Planton.Server.Credentials;

/// <summary>Counts how often each runner asks for certificates, minute by minute. One entry a runner that asked lately.</summary>
internal sealed class RenewalLimiter(CertificateOptions options, TimeProvider time)
{
    private const int MaxEntries = 100_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Count> _counts = new(StringComparer.Ordinal);

    /// <summary>How far beyond its limit the runner is with this attempt: 0 when it is not.</summary>
    public int TakeExcess(string runnerId)
    {
        var now = time.GetTimestamp();
        if (_counts.Count > MaxEntries)
            Forget();
        var count = _counts.AddOrUpdate(
            runnerId, _ => new Count(now, 1), (_, before) => IsOver(before) ? new Count(now, 1) : before with { Attempts = before.Attempts + 1 });
        return Math.Max(0, count.Attempts - options.RenewalsPerMinute);
    }

    private void Forget()
    {
        foreach (var pair in _counts.Where(pair => IsOver(pair.Value)))
            _counts.TryRemove(pair);
    }

    private bool IsOver(Count count) => time.GetElapsedTime(count.Since) >= Window;

    private sealed record Count(long Since, int Attempts);
}
