using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.EndToEnd.Tests.Installations;

/// <summary>The sample cluster as something for a runner to reach while faults are injected. Never the proof that Kubernetes works.</summary>
internal sealed class SampleClusterProgram : IAsyncDisposable
{
    private readonly ProgramProcess _process;

    private SampleClusterProgram(ProgramProcess process, string kubeconfig) => (_process, Kubeconfig) = (process, kubeconfig);

    public string Kubeconfig { get; }

    public static async Task<SampleClusterProgram> StartAsync(PlantonInstallation installation)
    {
        var kubeconfig = installation.PathOf("sample-kubeconfig.yaml");
        var process = ProgramProcess.Start(
            ProgramFiles.SampleCluster, ["--listen", "127.0.0.1:0", "--kubeconfig-out", kubeconfig], installation.Variables());
        var sample = installation.Own(new SampleClusterProgram(process, kubeconfig));
        await process.WaitForLineAsync(
            line => line.StartsWith("sample-cluster ready", StringComparison.Ordinal), "that it is ready", TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return sample;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
