using Planton.Api.Errors;
using Planton.Server.Errors;
using Planton.Server.Quotas;

namespace Planton.Server.ApiKeys;

/// <summary>Why a request is not authenticated. None of these repeats what was presented.</summary>
internal static class ApiKeyErrors
{
    private const string LogIn = "Log in with: planton auth login, or set PLANTON_API_KEY.";
    private const string NewKey = "Ask for a new key, or log in again with: planton auth login.";

    public static Error Missing { get; } = New("no API key was presented: the request has no Authorization: Bearer header", LogIn);

    public static Error OtherScheme { get; } = New("the Authorization header is not of the form Bearer pck_…", LogIn);

    public static Error Malformed { get; } = New(
        "the API key is malformed: a key is pck_ and 50 letters and digits", "Check that it was copied whole.");

    public static Error WrongChecksum { get; } = New(
        "the API key is mistyped or cut: its checksum does not fit", "Check that it was copied whole.");

    public static Error Unknown { get; } = New("the API key is unknown to this control plane", "Check the server's address, or ask for a new key.");

    public static Error Revoked(string id, DateTimeOffset when) => New($"API key {id} was revoked at {when.UtcDateTime:u}", NewKey);

    public static Error Expired(string id, DateTimeOffset when) => New($"API key {id} expired at {when.UtcDateTime:u}", NewKey);

    /// <summary>Said of the failure that would have been told, which may be of a key that is good in a moment.</summary>
    public static Error TooManyFailures(QuotaOptions quotas, TimeSpan left) => QuotaErrors.Wait(
        "more API keys from this address were refused within a minute than are answered one by one, and this one was refused as well",
        "Keys that are good work from it meanwhile: check this one, and what else presents keys from there.",
        Quota.AddressAuthenticationFailures, quotas, left);

    private static Error New(string detail, string hint) => new(ErrorCode.Unauthenticated, detail, hint);
}
