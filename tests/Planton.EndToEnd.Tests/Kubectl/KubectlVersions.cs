namespace Planton.EndToEnd.Tests.Kubectl;

/// <summary>Clients of different ages: SPDY and WebSocket, with and without aggregated discovery, client- and server-side tables.</summary>
internal static class KubectlVersions
{
    public static TheoryData<string> All => ["kubectl-1.20", "kubectl-1.27", "kubectl-1.32", "kubectl-1.35"];
}
