using System.Diagnostics;
using System.Text.RegularExpressions;
using Planton.Cli.Tests.Support;
using Planton.Testing;

namespace Planton.Cli.Tests.Kubectl;

/// <summary>
/// A real cluster with odd objects in it, the real kubectl 1.35, and <c>kubectl proxy</c>, which serves the cluster at the
/// very path at which a control plane serves a connection. One for all tests, made for the first of them that uses it.
/// </summary>
public sealed partial class RealCluster : IAsyncDisposable
{
    public const string Namespace = "cli-parity";
    private const string ReferenceKubectl = "kubectl-1.35";
    private readonly Lazy<Task> _started;
    private string _kubectl = "";
    private string _serverUrl = "";
    private Process? _proxy;

    public RealCluster() => _started = new Lazy<Task>(StartAsync);

    public async ValueTask DisposeAsync()
    {
        if (_proxy is null)
            return;
        _proxy.Kill();
        _proxy.Dispose();
        // The next run waits for what is left.
        await DeleteObjectsAsync("--wait=false");
    }

    /// <summary>Skips the test on a laptop without a cluster, and fails it in CI; else points the command line at the cluster.</summary>
    internal async Task UseAsync(CliHarness cli)
    {
        RequiredTool.FromEnvironment("KUBECONFIG", "a real cluster's kubeconfig");
        _kubectl = RequiredTool.InFolderOf("KUBEBUILDER_ASSETS", ReferenceKubectl);
        await _started.Value;
        cli.Variables["PLANTON_SERVER"] = _serverUrl;
        cli.Variables["PLANTON_ORG"] = "default";
        cli.Variables["PLANTON_API_KEY"] = "pck_any";
    }

    private async Task StartAsync()
    {
        await DeleteObjectsAsync("--timeout=90s");
        await RequireAsync("apply", "--server-side", "-f", Fixture("objects.yaml"));
        await RequireAsync("create", "-f", Fixture("odd.json"));
        await RequireAsync("wait", "--for=condition=established", "--timeout=60s", "crd/widgets.cli-parity.example.com", "crd/gears.cli-parity.example.com");
        await RequireAsync("apply", "--server-side", "-f", Fixture("custom.yaml"));
        await RequireAsync("wait", "-n", Namespace, "--for=condition=available", "--timeout=90s", "deployment/web");
        await RequireAsync("wait", "-n", Namespace, "--for=condition=complete", "--timeout=90s", "job/once");
        await StartProxyAsync();
    }

    internal async Task<CliResult> RunKubectlAsync(params IReadOnlyList<string> arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CliResult(process.ExitCode, await output, await error);
    }

    internal Process Start(params IReadOnlyList<string> arguments) => Process.Start(new ProcessStartInfo(_kubectl, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Kubectl", "Fixture", name);

    private async Task RequireAsync(params IReadOnlyList<string> arguments)
    {
        var result = await RunKubectlAsync(arguments);
        Assert.True(result.ExitCode == 0, $"kubectl {string.Join(' ', arguments)}: {result.Error}");
    }

    private Task<CliResult> DeleteObjectsAsync(string wait) => RunKubectlAsync(
        "delete", "--ignore-not-found", wait, $"namespace/{Namespace}", "crd/widgets.cli-parity.example.com", "crd/gears.cli-parity.example.com");

    private async Task StartProxyAsync()
    {
        _proxy = Start("proxy", "--port=0", "--api-prefix=/kubernetes/default/real/");
        // "Starting to serve on 127.0.0.1:41001"
        var line = await _proxy.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        var address = AddressPattern().Match(line ?? "");
        Assert.True(address.Success, $"kubectl proxy said '{line}'");
        _serverUrl = $"http://{address.Value}";
    }

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex AddressPattern();
}
