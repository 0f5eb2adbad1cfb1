namespace Planton.Api.Errors;

/// <summary>An error as the API answers it: RFC 9457 problem details with a code, a hint and the operation's id.</summary>
public sealed record Problem
{
    /// <summary>A URI that names the kind of problem: <c>urn:planton:error:CODE</c>.</summary>
    public string Type { get; init; } = "about:blank";

    /// <summary>A short sentence that is the same for every problem of this code.</summary>
    public string Title { get; init; } = "";

    /// <summary>The HTTP status.</summary>
    public int Status { get; init; }

    /// <summary>One of <see cref="ErrorCode"/>.</summary>
    public string Code { get; init; } = ErrorCode.Internal;

    /// <summary>What did not happen, and why.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What mends it: a command or a setting.</summary>
    public string? Hint { get; init; }

    /// <summary>The id under which the audit trail and the logs know this request.</summary>
    public string? OperationId { get; init; }

    /// <summary>For <see cref="ErrorCode.InvalidArgument"/>: every fault, by field.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}
