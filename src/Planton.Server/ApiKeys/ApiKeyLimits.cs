using Planton.Api.ApiKeys;
using Planton.Server.Errors;

namespace Planton.Server.ApiKeys;

internal static class ApiKeyLimits
{
    /// <summary>The most keys of one owner that are good at the same time.</summary>
    public const int MaxValid = 100;

    /// <summary>The most keys of one owner that are kept: past it, those that ended first are forgotten. The audit trail is not.</summary>
    public const int MaxKept = 1_000;

    private const long MinSeconds = 60;

    // Ten years, whichever of them are leap years.
    private const long MaxSeconds = 3_653 * 86_400L;

    /// <summary>What is wrong with a request for a key; null when nothing is.</summary>
    public static Error? Validate(CreateApiKeyRequest request)
    {
        var faults = new FieldFaults();
        if (request.ExpiresInSeconds is < MinSeconds or > MaxSeconds)
            faults.Add("expiresInSeconds", $"must be from {MinSeconds} to {MaxSeconds} (ten years)");
        return faults.ToError();
    }
}
