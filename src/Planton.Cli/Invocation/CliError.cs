using Planton.Api.Errors;

namespace Planton.Cli.Invocation;

/// <summary>Why a command did not do what it was asked.</summary>
/// <param name="Detail">What did not happen, and why.</param>
/// <param name="Hint">The command or setting that mends it.</param>
/// <param name="ExitCode">See <see cref="Invocation.ExitCode"/>.</param>
internal sealed record CliError(string Detail, string? Hint = null, int ExitCode = ExitCode.Failed)
{
    /// <summary>Under which id the control plane knows the request.</summary>
    public string? OperationId { get; init; }

    /// <summary>The id is shown even without <c>--verbose</c>: it is all there is to go by.</summary>
    public bool IsInternal { get; init; }

    /// <summary>More lines of the same kind, such as every faulty field.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>The command line or the configuration is wrong.</summary>
    public static CliError Usage(string detail, string? hint = null) => new(detail, hint, Invocation.ExitCode.Usage);

    /// <summary>The control plane's own words. A key that it refused is told apart from others by <paramref name="apiKeySource"/>.</summary>
    public static CliError From(Problem problem, string? apiKeySource = null) => new(
        problem.Detail.Length > 0 ? problem.Detail : problem.Title,
        problem.Hint,
        ErrorStatus.ToExitCode(problem.Code))
    {
        OperationId = problem.OperationId,
        IsInternal = problem.Code == ErrorCode.Internal,
        Details = RefusedKey(problem.Code, apiKeySource) is { } refused
            ? [refused]
            : [.. (problem.Errors ?? new Dictionary<string, string[]>()).SelectMany(field => field.Value.Select(fault => $"{field.Key}: {fault}"))
                // A single fault is the detail already.
                .Where(fault => fault != problem.Detail)],
    };

    /// <summary>The line that says which of the keys a user may have was refused; null when none was.</summary>
    public static string? RefusedKey(string? code, string? apiKeySource) =>
        code == ErrorCode.Unauthenticated && apiKeySource is not null ? $"The key comes from {apiKeySource}." : null;
}
