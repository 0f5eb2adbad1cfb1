namespace Planton.Api.Errors;

/// <summary>The one table of what each error code means to HTTP and to a shell.</summary>
public static class ErrorStatus
{
    /// <summary>The HTTP status of a code; 500 for one that is not in the catalogue.</summary>
    public static int ToHttpStatus(string code) => code switch
    {
        ErrorCode.InvalidArgument => 400,
        ErrorCode.Unauthenticated => 401,
        ErrorCode.PermissionDenied or ErrorCode.RefusedByRunner => 403,
        ErrorCode.ConnectionNotFound or ErrorCode.RunnerNotFound or ErrorCode.OrganizationNotFound or ErrorCode.NotFound => 404,
        ErrorCode.AlreadyExists or ErrorCode.Conflict => 409,
        ErrorCode.RateLimited or ErrorCode.QuotaExceeded => 429,
        ErrorCode.RunnerLost or ErrorCode.TargetUnreachable => 502,
        ErrorCode.NoRunnerAvailable or ErrorCode.RunnerUnreachable or ErrorCode.RunnerBusy or ErrorCode.Unavailable => 503,
        _ => 500,
    };

    /// <summary>The exit code of a command that ends with this error: 1 failed, 2 usage, 3 not found, 4 not allowed, 5 unreachable.</summary>
    public static int ToExitCode(string code) => code switch
    {
        ErrorCode.InvalidArgument => 2,
        ErrorCode.ConnectionNotFound or ErrorCode.RunnerNotFound or ErrorCode.OrganizationNotFound or ErrorCode.NotFound => 3,
        ErrorCode.Unauthenticated or ErrorCode.PermissionDenied or ErrorCode.RefusedByRunner => 4,
        ErrorCode.NoRunnerAvailable or ErrorCode.RunnerUnreachable or ErrorCode.RunnerLost => 5,
        _ => 1,
    };
}
