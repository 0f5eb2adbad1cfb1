using Planton.Api.Errors;
using Planton.Server.Errors;

namespace Planton.Server.Quotas;

/// <summary>What people are told when a quota is used up: which, its limit, and who can raise it.</summary>
internal static class QuotaErrors
{
    /// <summary>The shortest wait that clients are asked for.</summary>
    public static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(1);

    /// <summary>Waiting does not help: something must go first.</summary>
    public static Error Full(string detail, Quota quota, QuotaOptions quotas) => new(
        ErrorCode.QuotaExceeded, $"{detail} (quota {quota.Name}: {quota.Get(quotas)})", $"Delete what is not used. {Raise(quota)}");

    /// <summary>Waiting helps.</summary>
    public static Error Wait(string detail, string hint, Quota quota, QuotaOptions quotas, TimeSpan retryAfter) => new(
        ErrorCode.QuotaExceeded, $"{detail} (quota {quota.Name}: {quota.Get(quotas)})", $"{hint} {Raise(quota)}")
    {
        RetryAfter = retryAfter < ShortWait ? ShortWait : retryAfter,
    };

    private static string Raise(Quota quota) => $"An operator raises it with: planton-server --quota {quota.Name}=N";
}
