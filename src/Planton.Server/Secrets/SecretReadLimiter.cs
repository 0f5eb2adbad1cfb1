using System.Threading.RateLimiting;
using Planton.Api.Errors;
using Planton.Server.Authorization;
using Planton.Server.Errors;

namespace Planton.Server.Secrets;

/// <summary>Slows down whoever reads secrets faster than a program at work would: a stolen key empties no store unseen.</summary>
internal sealed class SecretReadLimiter(SecretReadOptions options) : IDisposable
{
    // Idle callers' buckets are dropped by the limiter itself.
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(
        caller => RateLimitPartition.GetTokenBucketLimiter(caller, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.Burst,
            TokensPerPeriod = options.PerPeriod,
            ReplenishmentPeriod = options.Period,
            QueueLimit = 0,
        }),
        StringComparer.Ordinal);

    /// <summary>Null when <paramref name="caller"/> may read <paramref name="count"/> more now.</summary>
    public Error? Take(CallerIdentity caller, int count)
    {
        // By account and not by key: more keys are no more reads.
        using var lease = _limiter.AttemptAcquire($"{caller.Kind}/{caller.Id}", Math.Clamp(count, 1, options.Burst));
        if (lease.IsAcquired)
            return null;
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : options.Period;
        return new Error(
            ErrorCode.RateLimited,
            $"{caller.Name} reads secrets faster than is allowed: {options.Burst} at once, and then {options.PerPeriod} each {options.Period.TotalSeconds:0.##} s",
            "Wait as long as Retry-After says, and keep what was read for as long as it is used.")
        {
            RetryAfter = wait < options.Period ? options.Period : wait,
        };
    }

    public void Dispose() => _limiter.Dispose();
}
