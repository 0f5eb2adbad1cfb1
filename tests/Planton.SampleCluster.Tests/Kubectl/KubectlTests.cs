using Planton.Testing;
using Planton.Testing.Processes;
using SampleCluster.Hosting;

namespace Planton.SampleCluster.Tests.Kubectl;

/// <summary>A real kubectl against the sample: what every version can do.</summary>
public abstract class KubectlTests(RunningSample sample, string program) : IClassFixture<RunningSample>, IAsyncLifetime
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private readonly TemporaryFolder _folder = new();
    private string _kubeconfig = "";

    public async ValueTask InitializeAsync()
    {
        _kubeconfig = _folder.File("kubeconfig");
        await Kubeconfig.WriteAsync(_kubeconfig, sample.Server.KubeconfigText, _cancel);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task PodsAreListed()
    {
        var result = await RunAsync("get", "pods", "-A");
        Assert.Matches(@"^NAMESPACE +NAME +READY +STATUS +RESTARTS +AGE *$", result.OutputLines[0]);
        Assert.Contains("CrashLoopBackOff", result.Output, StringComparison.Ordinal);
        var wide = await RunAsync("get", "pods", "-n", "shop", "-o", "wide");
        Assert.Contains("NOMINATED NODE", wide.OutputLines[0], StringComparison.Ordinal);
        var all = await RunAsync("get", "all", "-n", "shop", "-o", "name");
        Assert.Contains("deployment.apps/cart", all.OutputLines);
    }

    [Fact]
    public async Task APodIsDescribed()
    {
        var result = await RunAsync("describe", "pod", "-n", "shop", "-l", "app=payments");
        Assert.Contains("Reason:       CrashLoopBackOff", result.Output, StringComparison.Ordinal);
        Assert.Contains("Back-off restarting failed container", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AConfigMapIsAppliedChangedAndDeleted()
    {
        var name = "applied-" + program.Replace(".", "-", StringComparison.Ordinal);
        var file = _folder.Write("cm.yaml", $"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  a: b\n");
        Assert.Equal($"configmap/{name} created\n", (await RunAsync("apply", "-f", file)).Output);
        _folder.Write("cm.yaml", $"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  a: c\n");
        Assert.Equal($"configmap/{name} configured\n", (await RunAsync("apply", "-f", file)).Output);
        Assert.Equal("c", (await RunAsync("get", "cm", name, "-o", "jsonpath={.data.a}")).Output);
        Assert.StartsWith($"configmap \"{name}\" deleted", (await RunAsync("delete", "-f", file)).Output, StringComparison.Ordinal);
        var gone = await TryAsync(["get", "cm", name]);
        Assert.Equal((1, $"Error from server (NotFound): configmaps \"{name}\" not found\n"), (gone.ExitCode, gone.Error));
    }

    [Fact]
    public async Task AWatchShowsChanges()
    {
        var name = "watched-" + program.Replace(".", "-", StringComparison.Ordinal);
        await using var watch = ProgramProcess.Start(Program(), ["get", "configmaps", "-n", "kube-system", "-w"], Environment());
        await RunAsync("create", "-f", _folder.Write("w.yaml", $"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  namespace: kube-system\n"));
        await watch.WaitForLineAsync(l => l.StartsWith(name, StringComparison.Ordinal), $"the new config map {name}", cancellationToken: _cancel);
    }

    [Fact]
    public async Task LogsAreFollowed()
    {
        await using var logs = ProgramProcess.Start(
            Program(), ["logs", "-n", "shop", "-f", "--tail", "1", "deploy/cart"], Environment());
        await Eventually.BecomesTrueAsync(() => logs.OutputLines.Count >= 3, "three lines of log", cancellationToken: _cancel);
        Assert.All(logs.OutputLines, l => Assert.Contains("app=cart", l, StringComparison.Ordinal));
    }

    private protected async Task<ProgramResult> TryAsync(string[] arguments, string? input = null) =>
        await ProgramProcess.RunAsync(Program(), arguments, Environment(), input, cancellationToken: _cancel);

    private async Task<ProgramResult> RunAsync(params string[] arguments)
    {
        var result = await TryAsync(arguments);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    private string Program() => RequiredTool.InFolderOf("KUBEBUILDER_ASSETS", program);

    private Dictionary<string, string?> Environment() => new() { ["KUBECONFIG"] = _kubeconfig, ["HOME"] = _folder.FullName };
}
