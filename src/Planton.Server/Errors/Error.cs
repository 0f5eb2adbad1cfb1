namespace Planton.Server.Errors;

/// <summary>An expected failure.</summary>
/// <param name="Code">One of <see cref="Api.Errors.ErrorCode"/>.</param>
/// <param name="Detail">What did not happen, and why.</param>
/// <param name="Hint">The command or setting that mends it.</param>
/// <param name="Fields">Every fault, by field, when the request itself is wrong.</param>
internal sealed record Error(
    string Code,
    string Detail,
    string? Hint = null,
    IReadOnlyDictionary<string, string[]>? Fields = null)
{
    /// <summary>When the same may succeed, if that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The same in whole seconds, as clients are told it: at least one.</summary>
    public int? RetryAfterSeconds => RetryAfter is { } wait ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : null;
}
