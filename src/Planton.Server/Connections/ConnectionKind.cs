namespace Planton.Server.Connections;

internal static class ConnectionKind
{
    public const string Kubernetes = "kubernetes";
}
