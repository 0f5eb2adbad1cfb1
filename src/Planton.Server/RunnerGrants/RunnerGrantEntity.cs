namespace Planton.Server.RunnerGrants;

/// <summary>What one organization may use a runner of the platform for. Without one, it may not use it at all.</summary>
internal sealed class RunnerGrantEntity
{
    public required string Id { get; init; }

    /// <summary>A runner of the platform.</summary>
    public required string RunnerId { get; init; }

    public required string OrganizationId { get; init; }

    /// <summary>Connections of this authentication mode: one of <see cref="Connections.ConnectionAuthMode"/>.</summary>
    public required string Mode { get; init; }

    /// <summary>For mode runner: the contexts that connections may name; empty for connections that name none.</summary>
    public List<string> KubeContexts { get; init; } = [];

    /// <summary>For mode inline: the address ranges that connections may lead to.</summary>
    public List<string> AllowCidrs { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>A user: only users are operators.</summary>
    public required string CreatedById { get; init; }
}
