using Planton.Api.Errors;
using Planton.Cli.Invocation;

namespace Planton.Cli.Kubectl.Requests;

/// <summary>An answer that is an error: the cluster's, or the control plane's on the way there.</summary>
internal sealed record KubernetesError
{
    public const string NotFoundReason = "NotFound";

    /// <summary>What is said to the user, as kubectl says it.</summary>
    public required string Message { get; init; }

    /// <summary>Kubernetes' word for the kind of error; empty when it gives none.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The control plane's code, when the error is not the cluster's.</summary>
    public string? PlantonCode { get; init; }

    /// <summary>False when the code is concluded from the status alone: then it may be the cluster that says so.</summary>
    public bool IsCodeGiven { get; init; } = true;

    public string? Hint { get; init; }

    public string? OperationId { get; init; }

    /// <summary>There is no such path in this cluster, as opposed to no such object.</summary>
    public bool IsUnknownPath { get; init; }

    public bool IsNotFound => PlantonCode is null && Reason == NotFoundReason;

    public int ExitCode => PlantonCode is { } code ? ErrorStatus.ToExitCode(code) : Reason switch
    {
        NotFoundReason => Invocation.ExitCode.NotFound,
        "Unauthorized" or "Forbidden" => Invocation.ExitCode.NotAllowed,
        _ => Invocation.ExitCode.Failed,
    };

    /// <summary>The line that kubectl prints for it.</summary>
    public string Line => Reason switch
    {
        "Unauthorized" => $"error: You must be logged in to the server ({Message})",
        "" => $"Error from server: {Message}",
        _ => $"Error from server ({Reason}): {Message}",
    };

    /// <summary>For an error of the control plane, which was asked with a key from <paramref name="apiKeySource"/>.</summary>
    public CliError ToCliError(string? apiKeySource) => new(Message, Hint, ExitCode)
    {
        OperationId = OperationId,
        IsInternal = PlantonCode == ErrorCode.Internal,
        Details = IsCodeGiven && CliError.RefusedKey(PlantonCode, apiKeySource) is { } refused ? [refused] : [],
    };
}
