using Planton.EndToEnd.Tests.Installations;

namespace Planton.EndToEnd.Tests.Clusters;

/// <summary>An installation whose runner reaches the real cluster, and a namespace of the tests' own in that.</summary>
internal sealed class RealCluster : IAsyncDisposable
{
    public const string Connection = "real";
    public const string RunnerName = "in-house";

    private RealCluster(PlantonInstallation installation, RunnerProgram runner)
    {
        Installation = installation;
        Runner = runner;
        Direct = Client(ClusterTools.NewestKubectl, ClusterTools.Kubeconfig);
    }

    public PlantonInstallation Installation { get; }

    public RunnerProgram Runner { get; }

    /// <summary>Made for this run, so that several may share a cluster.</summary>
    public string Namespace { get; } = $"planton-e2e-{Guid.NewGuid().ToString("N")[..8]}";

    /// <summary>
    /// A second one for what tests create and delete: classes run side by side, and what <see cref="Namespace"/> holds is compared
    /// between programs meanwhile.
    /// </summary>
    public string Scratch => $"{Namespace}-scratch";

    /// <summary>kubectl with the cluster's own kubeconfig: what everything else is compared with.</summary>
    public ClusterClient Direct { get; }

    /// <summary>The kubeconfig that <c>planton kubeconfig</c> wrote.</summary>
    public string TunnelKubeconfig => Installation.PathOf("tunnel-kubeconfig.yaml");

    /// <summary>Starts server and runner, and connects them to the cluster; with both namespaces, which are empty.</summary>
    public static async Task<RealCluster> StartAsync()
    {
        // Before anything is started: these skip.
        var kubeconfig = ClusterTools.Kubeconfig;
        _ = ClusterTools.Program(ClusterTools.NewestKubectl);
        var installation = await PlantonInstallation.StartAsync();
        try
        {
            var runner = await installation.StartRunnerAsync(RunnerName, kubeconfig);
            await installation.ConnectAsync(Connection, RunnerName);
            var cluster = new RealCluster(installation, runner);
            await installation.SucceedAsync("kubeconfig", Connection, "--file", cluster.TunnelKubeconfig, "--set-current");
            await cluster.Direct.SucceedAsync("create", "namespace", cluster.Namespace);
            await cluster.Direct.SucceedAsync("create", "namespace", cluster.Scratch);
            return cluster;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client that goes through the tunnel, such as <c>kubectl-1.27</c> or <c>helm4</c>.</summary>
    public ClusterClient Tunnelled(string program) => Client(program, TunnelKubeconfig);

    /// <summary>Puts everything of <see cref="ClusterObjects"/> into the namespace, and waits until it runs.</summary>
    public async Task FillAsync()
    {
        await Direct.ApplyAsync(ClusterObjects.CustomResourceDefinition);
        await ApplyAsync(ClusterObjects.Configuration);
        await ApplyAsync(ClusterObjects.Workloads);
        await Direct.SucceedAsync("wait", "--for=condition=Established", "crd/gadgets.e2e.planton.dev", "--timeout=30s");
        await ApplyAsync(ClusterObjects.CustomResources);
        await Direct.SucceedAsync("-n", Namespace, "wait", "--for=condition=Ready", "pod", "-l", "app in (web,worker,site)", "--timeout=60s");
        await Direct.SucceedAsync("-n", Namespace, "wait", "--for=condition=Available", "deploy/web", "--timeout=60s");
        await Direct.SucceedAsync("-n", Namespace, "wait", "--for=condition=Complete", "job/once", "--timeout=60s");
    }

    public Task ApplyAsync(string manifest) => ApplyAsync(manifest, Namespace);

    public Task ApplyToScratchAsync(string manifest) => ApplyAsync(manifest, Scratch);

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Without waiting: the cluster ends what is in it by itself, and the next run has a namespace of its own.
            await Direct.RunAsync("delete", "namespace", Namespace, Scratch, "--wait=false");
        }
        finally
        {
            await Installation.DisposeAsync();
        }
    }

    private async Task ApplyAsync(string manifest, string to)
    {
        var result = await Direct.RunAsync(manifest, ["-n", to, "apply", "-f", "-"]);
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    private ClusterClient Client(string program, string kubeconfig) => new(ClusterTools.Program(program), kubeconfig, Installation.Home);
}
