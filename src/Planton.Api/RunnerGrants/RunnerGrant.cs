using Planton.Api.Identity;

namespace Planton.Api.RunnerGrants;

/// <summary>What one organization may use a runner of the platform for.</summary>
public sealed record RunnerGrant
{
    /// <summary>UUIDv7.</summary>
    public required string Id { get; init; }

    /// <summary>The platform runner's name.</summary>
    public required string Runner { get; init; }

    /// <summary>The name of the organization that it serves.</summary>
    public required string Organization { get; init; }

    /// <summary>Connections of which <c>authMode</c>: <c>runner</c> or <c>inline</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>
    /// For <c>runner</c>: the contexts of the runner's kubeconfig that connections may name. Empty: none, only connections that
    /// name no context, which get the runner's current one.
    /// </summary>
    public IReadOnlyList<string> KubeContexts { get; init; } = [];

    /// <summary>For <c>inline</c>: the address ranges, in CIDR notation, that connections may lead to.</summary>
    public IReadOnlyList<string> AllowCidrs { get; init; } = [];

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The operator who made it.</summary>
    public Actor? CreatedBy { get; init; }
}
