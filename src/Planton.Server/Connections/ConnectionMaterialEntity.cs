namespace Planton.Server.Connections;

/// <summary>The credentials that a connection brings itself. A table of its own: lists of connections never read it.</summary>
internal sealed class ConnectionMaterialEntity
{
    public required string ConnectionId { get; init; }

    /// <summary>A kubeconfig, encrypted under the organization's key.</summary>
    public required byte[] SealedKubeconfig { get; init; }
}
