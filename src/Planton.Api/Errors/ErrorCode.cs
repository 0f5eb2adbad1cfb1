namespace Planton.Api.Errors;

/// <summary>The catalogue of error codes: the only thing that programs may branch on.</summary>
public static class ErrorCode
{
    /// <summary>No runner at connection, organization or platform level (503).</summary>
    public const string NoRunnerAvailable = "no_runner_available";

    /// <summary>The runner has no live tunnel (503). The operation was not sent.</summary>
    public const string RunnerUnreachable = "runner_unreachable";

    /// <summary>The tunnel broke during the operation (502). The operation may have run.</summary>
    public const string RunnerLost = "runner_lost";

    /// <summary>The runner has as many operations under way as it may (503). The operation was not sent.</summary>
    public const string RunnerBusy = "runner_busy";

    /// <summary>No connection of that name in the organization (404).</summary>
    public const string ConnectionNotFound = "connection_not_found";

    /// <summary>No runner of that name in the organization (404).</summary>
    public const string RunnerNotFound = "runner_not_found";

    /// <summary>No organization of that name that the caller may see (404).</summary>
    public const string OrganizationNotFound = "organization_not_found";

    /// <summary>No such object (404).</summary>
    public const string NotFound = "not_found";

    /// <summary>The API key is missing, unknown, revoked or expired (401).</summary>
    public const string Unauthenticated = "unauthenticated";

    /// <summary>The caller is known and may not do this (403).</summary>
    public const string PermissionDenied = "permission_denied";

    /// <summary>One or more fields are wrong (400).</summary>
    public const string InvalidArgument = "invalid_argument";

    /// <summary>An object of that name exists (409).</summary>
    public const string AlreadyExists = "already_exists";

    /// <summary>The object's state does not allow this (409).</summary>
    public const string Conflict = "conflict";

    /// <summary>The runner could not reach the target (502).</summary>
    public const string TargetUnreachable = "target_unreachable";

    /// <summary>The runner's own policy or configuration refused the operation (403).</summary>
    public const string RefusedByRunner = "refused_by_runner";

    /// <summary>Too many requests of this caller (429); <c>Retry-After</c> says when to try again.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>
    /// A quota of the caller, the organization or the runner is used up (429). The text names the quota and its limit;
    /// <c>Retry-After</c> is there when waiting helps.
    /// </summary>
    public const string QuotaExceeded = "quota_exceeded";

    /// <summary>The control plane is stopping or over its limits (503); the same request may succeed later.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>A fault of the control plane (500).</summary>
    public const string Internal = "internal";
}
