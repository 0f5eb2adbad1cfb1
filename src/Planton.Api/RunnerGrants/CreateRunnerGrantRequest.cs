namespace Planton.Api.RunnerGrants;

/// <summary><c>POST /api/v1/platform/runners/{name}/grants</c></summary>
public sealed record CreateRunnerGrantRequest
{
    /// <summary>The most contexts, or address ranges, of one grant.</summary>
    public const int MaxValues = 16;

    /// <summary>The name of the organization.</summary>
    public string? Organization { get; init; }

    /// <summary><c>runner</c> (the default) or <c>inline</c>.</summary>
    public string? Mode { get; init; }

    /// <summary>For <c>runner</c>: the contexts that connections may name; none for the runner's current one alone.</summary>
    public IReadOnlyList<string>? KubeContexts { get; init; }

    /// <summary>For <c>inline</c>: one address range or more, such as <c>10.20.0.0/16</c>.</summary>
    public IReadOnlyList<string>? AllowCidrs { get; init; }
}
