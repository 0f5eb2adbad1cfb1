using Planton.Testing;
using Planton.Testing.Processes;
using SampleCluster.Hosting;

namespace Planton.SampleCluster.Tests.Kubectl;

/// <summary>The real kubectl against the sample.</summary>
public sealed class KubectlTests(RunningSample sample) : IClassFixture<RunningSample>, IAsyncLifetime
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private readonly TemporaryFolder _folder = new();
    private string _kubeconfig = "";

    public static TheoryData<string> All => ["kubectl", "kubectl-1.32", "kubectl-1.35"];

    public static TheoryData<string> WithWebSocket => ["kubectl-1.32", "kubectl-1.35"];

    public async ValueTask InitializeAsync()
    {
        _kubeconfig = _folder.File("kubeconfig");
        await Kubeconfig.WriteAsync(_kubeconfig, sample.Server.KubeconfigText, _cancel);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task PodsAreListed(string program)
    {
        var result = await RunAsync(program, "get", "pods", "-A");
        Assert.Matches(@"^NAMESPACE +NAME +READY +STATUS +RESTARTS +AGE *$", result.OutputLines[0]);
        Assert.Contains("CrashLoopBackOff", result.Output, StringComparison.Ordinal);
        var wide = await RunAsync(program, "get", "pods", "-n", "shop", "-o", "wide");
        Assert.Contains("NOMINATED NODE", wide.OutputLines[0], StringComparison.Ordinal);
        var all = await RunAsync(program, "get", "all", "-n", "shop", "-o", "name");
        Assert.Contains("deployment.apps/cart", all.OutputLines);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task APodIsDescribed(string program)
    {
        var result = await RunAsync(program, "describe", "pod", "-n", "shop", "-l", "app=payments");
        Assert.Contains("Reason:       CrashLoopBackOff", result.Output, StringComparison.Ordinal);
        Assert.Contains("Back-off restarting failed container", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task AConfigMapIsAppliedChangedAndDeleted(string program)
    {
        var name = "applied-" + program.Replace(".", "-", StringComparison.Ordinal);
        var file = _folder.Write("cm.yaml", $"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  a: b\n");
        Assert.Equal($"configmap/{name} created\n", (await RunAsync(program, "apply", "-f", file)).Output);
        _folder.Write("cm.yaml", $"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  a: c\n");
        Assert.Equal($"configmap/{name} configured\n", (await RunAsync(program, "apply", "-f", file)).Output);
        Assert.Equal("c", (await RunAsync(program, "get", "cm", name, "-o", "jsonpath={.data.a}")).Output);
        Assert.StartsWith($"configmap \"{name}\" deleted", (await RunAsync(program, "delete", "-f", file)).Output, StringComparison.Ordinal);
        var gone = await ProgramProcess.RunAsync(Program(program), ["get", "cm", name], Environment(), cancellationToken: _cancel);
        Assert.Equal((1, $"Error from server (NotFound): configmaps \"{name}\" not found\n"), (gone.ExitCode, gone.Error));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task AWatchShowsChanges(string program)
    {
        var name = "watched-" + program.Replace(".", "-", StringComparison.Ordinal);
        await using var watch = ProgramProcess.Start(Program(program), ["get", "configmaps", "-n", "kube-system", "-w"], Environment());
        await RunAsync(program, "create", "-f", _folder.Write("w.yaml", $"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  namespace: kube-system\n"));
        await watch.WaitForLineAsync(l => l.StartsWith(name, StringComparison.Ordinal), $"the new config map {name}", cancellationToken: _cancel);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task LogsAreFollowed(string program)
    {
        await using var logs = ProgramProcess.Start(
            Program(program), ["logs", "-n", "shop", "-f", "--tail", "1", "deploy/cart"], Environment());
        await Eventually.BecomesTrueAsync(() => logs.OutputLines.Count >= 3, "three lines of log", cancellationToken: _cancel);
        Assert.All(logs.OutputLines, l => Assert.Contains("app=cart", l, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(WithWebSocket))]
    public async Task ExecPassesInputOutputsAndTheExitCode(string program)
    {
        var failing = await ProgramProcess.RunAsync(
            Program(program), ["exec", "-n", "shop", "deploy/cart", "--", "sh", "-c", "echo out; echo err >&2; exit 3"], Environment(), cancellationToken: _cancel);
        Assert.Equal((3, "out\n"), (failing.ExitCode, failing.Output));
        Assert.StartsWith("err\n", failing.Error, StringComparison.Ordinal);
        var echoed = await ProgramProcess.RunAsync(
            Program(program), ["exec", "-i", "-n", "shop", "deploy/cart", "--", "cat"], Environment(), input: "through\n", cancellationToken: _cancel);
        Assert.Equal((0, "through\n"), (echoed.ExitCode, echoed.Output));
    }

    [Fact]
    public async Task BeforeWebSockets_ExecSaysWhatIsNeeded()
    {
        var result = await ProgramProcess.RunAsync(
            Program("kubectl"), ["exec", "-n", "shop", "deploy/cart", "--", "true"], Environment(), cancellationToken: _cancel);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("over WebSocket only", result.Error, StringComparison.Ordinal);
    }

    private static string Program(string name)
    {
        var path = Path.Combine(RequiredTool.FromEnvironment("KUBEBUILDER_ASSETS", "the folder that kubectl is in"), name);
        Assert.SkipUnless(File.Exists(path), $"{path} is not there");
        return path;
    }

    private async Task<ProgramResult> RunAsync(string program, params string[] arguments)
    {
        var result = await ProgramProcess.RunAsync(Program(program), arguments, Environment(), cancellationToken: _cancel);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    private Dictionary<string, string?> Environment() => new() { ["KUBECONFIG"] = _kubeconfig, ["HOME"] = _folder.FullName };
}
