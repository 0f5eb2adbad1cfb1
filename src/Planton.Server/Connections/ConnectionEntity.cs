namespace Planton.Server.Connections;

internal sealed class ConnectionEntity
{
    public required string Id { get; init; }

    public required string OrganizationId { get; init; }

    public required string Name { get; init; }

    /// <summary>One of <see cref="ConnectionKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>One of <see cref="ConnectionAuthMode"/>.</summary>
    public required string AuthMode { get; init; }

    /// <summary>Null: the default runner is used, unless <see cref="MissingRunner"/> says otherwise.</summary>
    public string? RunnerId { get; init; }

    /// <summary>
    /// The name of its runner after that was deleted. Such a connection has no route, rather than the default one: that may lead
    /// to another cluster. It has its runner again when one of that name is registered.
    /// </summary>
    public string? MissingRunner { get; init; }

    /// <summary>A context of the runner's kubeconfig; null for its current one or the cluster it runs in.</summary>
    public string? KubernetesContext { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
