namespace Planton.EndToEnd.Tests.Clusters;

/// <summary>A real cluster and the clients for it, as the environment names them.</summary>
internal static class ClusterTools
{
    private const string Folder = "KUBEBUILDER_ASSETS";

    /// <summary>The newest kubectl, the one that <c>planton kubectl get</c> is held to.</summary>
    public const string NewestKubectl = "kubectl-1.35";

    /// <summary>A kubeconfig with which the cluster is reached directly.</summary>
    public static string Kubeconfig => RequiredTool.FromEnvironment("KUBECONFIG", "a kubeconfig of a real cluster that tests may change");

    /// <summary>The path of kubectl-1.35, helm3 and the like.</summary>
    public static string Program(string name) => RequiredTool.InFolderOf(Folder, name);
}
