using Planton.EndToEnd.Tests.Installations;

namespace Planton.EndToEnd.Tests.Isolation;

/// <summary>Two organizations with everything in them named alike.</summary>
public sealed class TwoOrganizationsFixture : IAsyncLifetime
{
    internal const string A = "acme";
    internal const string B = "beta";
    internal const string Runner = "prod-runner";
    internal const string Connection = "prod";

    internal PlantonInstallation Installation { get; private set; } = null!;

    internal RecordingTarget TargetA { get; private set; } = null!;

    internal RecordingTarget TargetB { get; private set; } = null!;

    internal RunnerProgram RunnerB { get; private set; } = null!;

    internal string KubeconfigB { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Installation = await PlantonInstallation.StartAsync();
        TargetA = Installation.Own(await RecordingTarget.StartAsync("a"));
        TargetB = Installation.Own(await RecordingTarget.StartAsync("b"));
        _ = await StartAsync(A, TargetA);
        (RunnerB, KubeconfigB) = await StartAsync(B, TargetB);
    }

    public ValueTask DisposeAsync() => Installation is null ? ValueTask.CompletedTask : Installation.DisposeAsync();

    private async Task<(RunnerProgram Runner, string Kubeconfig)> StartAsync(string organization, RecordingTarget target)
    {
        await Installation.SucceedAsync("org", "create", organization);
        var kubeconfig = RunnerKubeconfig.Write(Installation, organization, target.Url, target.Token);
        var runner = await Installation.StartRunnerAsync(Runner, kubeconfig, organization);
        await Installation.ConnectAsync(Connection, Runner, organization);
        return (runner, kubeconfig);
    }
}
