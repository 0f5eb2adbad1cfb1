using Planton.Api.Errors;

namespace Planton.Api.Client;

/// <summary>The control plane answered with an error.</summary>
public sealed class ApiException(Problem problem) : Exception(problem.Detail)
{
    /// <summary>The answer.</summary>
    public Problem Problem { get; } = problem;
}
