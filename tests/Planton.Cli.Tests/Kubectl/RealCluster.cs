using System.Diagnostics;
using System.Text.RegularExpressions;
using Planton.Cli.Tests.Support;
using Planton.Testing;

namespace Planton.Cli.Tests.Kubectl;

/// <summary>
/// A real cluster with odd objects in it, the real kubectl 1.35, and <c>kubectl proxy</c>, which serves the cluster at the
/// very path at which a control plane serves a connection.
/// </summary>
public sealed partial class RealCluster : IAsyncLifetime
{
    public const string Namespace = "cli-parity";
    private const string ReferenceKubectl = "kubectl-1.35";
    private Process? _proxy;

    /// <summary>Why the tests cannot run; null when they can.</summary>
    public string? Missing { get; private set; }

    public string ServerUrl { get; private set; } = "";

    public string Kubectl { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var assets = Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") ?? "";
        Kubectl = Path.Combine(assets, ReferenceKubectl);
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBECONFIG")) || !File.Exists(Kubectl))
        {
            Missing = $"KUBECONFIG and KUBEBUILDER_ASSETS (a folder with {ReferenceKubectl}) name a real cluster";
            return;
        }

        await DeleteObjectsAsync();
        await RequireAsync("apply", "--server-side", "-f", Fixture("objects.yaml"));
        await RequireAsync("create", "-f", Fixture("odd.json"));
        await RequireAsync("wait", "--for=condition=established", "--timeout=60s", "crd/widgets.cli-parity.example.com", "crd/gears.cli-parity.example.com");
        await RequireAsync("apply", "--server-side", "-f", Fixture("custom.yaml"));
        await RequireAsync("wait", "-n", Namespace, "--for=condition=available", "--timeout=90s", "deployment/web");
        await RequireAsync("wait", "-n", Namespace, "--for=condition=complete", "--timeout=90s", "job/once");
        await StartProxyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Missing is not null)
            return;
        _proxy?.Kill();
        _proxy?.Dispose();
        await DeleteObjectsAsync();
    }

    /// <summary>Skips the test on a laptop without a cluster, and fails it in CI.</summary>
    public void Require()
    {
        RequiredTool.FromEnvironment("KUBECONFIG", "a real cluster's kubeconfig");
        RequiredTool.FromEnvironment("KUBEBUILDER_ASSETS", $"a folder with {ReferenceKubectl}");
        if (Missing is not null && Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail($"{Missing} (CI installs every tool)");
        if (Missing is not null)
            Assert.Skip(Missing);
    }

    internal async Task<CliResult> RunKubectlAsync(params IReadOnlyList<string> arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CliResult(process.ExitCode, await output, await error);
    }

    internal Process Start(params IReadOnlyList<string> arguments) => Process.Start(new ProcessStartInfo(Kubectl, arguments)
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

    private Task<CliResult> DeleteObjectsAsync() => RunKubectlAsync(
        "delete", "--ignore-not-found", "--timeout=90s", $"namespace/{Namespace}", "crd/widgets.cli-parity.example.com", "crd/gears.cli-parity.example.com");

    private async Task StartProxyAsync()
    {
        _proxy = Start("proxy", "--port=0", "--api-prefix=/kubernetes/default/real/");
        // "Starting to serve on 127.0.0.1:41001"
        var line = await _proxy.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        var address = AddressPattern().Match(line ?? "");
        Assert.True(address.Success, $"kubectl proxy said '{line}'");
        ServerUrl = $"http://{address.Value}";
    }

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex AddressPattern();
}
