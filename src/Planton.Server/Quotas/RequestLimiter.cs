using System.Threading.RateLimiting;
using Planton.Server.Authorization;
using Planton.Server.Errors;

namespace Planton.Server.Quotas;

/// <summary>How fast a caller, and an organization's callers together, may send requests: a token bucket each.</summary>
internal sealed class RequestLimiter(QuotaOptions quotas) : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // Only who authenticated has a bucket, and one that is full again is dropped by the limiter itself.
    private readonly PartitionedRateLimiter<string> _callers = Buckets(quotas.CallerRequestsPerSecond, quotas.CallerRequestBurst);
    private readonly PartitionedRateLimiter<string> _organizations = Buckets(quotas.OrganizationRequestsPerSecond, quotas.OrganizationRequestBurst);

    /// <summary>Null when the caller may send one more request now.</summary>
    /// <param name="caller">By account and not by key: more keys are no more requests.</param>
    /// <param name="organization">The one that the request names, if the caller is a member of it.</param>
    public Error? Take(CallerIdentity caller, CallerMembership? organization)
    {
        using var own = _callers.AttemptAcquire($"{caller.Kind}/{caller.Id}");
        if (!own.IsAcquired)
            return Exceeded(caller.Name, Quota.CallerRequestsPerSecond, quotas.CallerRequestBurst, own);
        if (organization is null)
            return null;
        using var shared = _organizations.AttemptAcquire(organization.OrganizationId);
        return shared.IsAcquired
            ? null
            : Exceeded($"organization \"{organization.OrganizationName}\"", Quota.OrganizationRequestsPerSecond, quotas.OrganizationRequestBurst, shared);
    }

    public void Dispose()
    {
        _callers.Dispose();
        _organizations.Dispose();
    }

    private Error Exceeded(string who, Quota quota, int burst, RateLimitLease lease) => QuotaErrors.Wait(
        $"{who} sends more requests than are allowed: {burst} at once, and then {quota.Get(quotas)} each second",
        "Wait as long as Retry-After says.", quota, quotas, lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Second);

    private static PartitionedRateLimiter<string> Buckets(int perSecond, int burst) => PartitionedRateLimiter.Create<string, string>(
        key => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = Second,
            QueueLimit = 0,
        }),
        StringComparer.Ordinal);
}
