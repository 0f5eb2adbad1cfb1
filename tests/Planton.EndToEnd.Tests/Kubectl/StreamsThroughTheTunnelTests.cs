using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Planton.EndToEnd.Tests.Clusters;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Kubectl;

/// <summary>The real kubectl with the kubeconfig of <c>planton kubeconfig</c>: streams.</summary>
[Trait("Category", "Slow")]
public sealed partial class StreamsThroughTheTunnelTests(RealClusterFixture fixture) : RealClusterTest(fixture)
{
    private const int FollowAttempts = 4;
    private const int CopiedBytes = 20 * 1024 * 1024;

    public static TheoryData<string> Versions => KubectlVersions.All;

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Logs_FollowWhatAPodPrints(string kubectl)
    {
        await using var logs = await FollowAsync(kubectl);
        // More than was there when it was asked: the pod prints one a second.
        var seen = logs.OutputLines.Count;
        await Eventually.BecomesTrueAsync(() => logs.OutputLines.Count >= seen + 3, "three more lines follow", cancellationToken: Token);

        Assert.Equal(Enumerable.Range(0, logs.OutputLines.Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"tick {i}")), logs.OutputLines);
        Assert.False(logs.HasExited, logs.Describe());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Exec_PassesTheExitCodeAndBothOutputs(string kubectl)
    {
        var result = await Cluster.Tunnelled(kubectl).RunAsync(
            "-n", Cluster.Namespace, "exec", "worker", "--", "sh", "-c", "echo out; echo err >&2; exit 7");

        Assert.Equal(7, result.ExitCode);
        Assert.Equal("out\n", result.Output);
        Assert.Contains("err\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("exit code 7", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Exec_PassesStandardInputToItsEnd(string kubectl)
    {
        var input = string.Concat(Enumerable.Range(0, 50_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"line {i}\n")));
        var result = await Cluster.Tunnelled(kubectl).RunAsync(input, ["-n", Cluster.Namespace, "exec", "-i", "worker", "--", "cat"]);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.True(input == result.Output, $"{input.Length} characters went in and {result.Output.Length} came back");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Cp_OfALargeFileBothWays_KeepsEveryByte(string kubectl)
    {
        var client = Cluster.Tunnelled(kubectl);
        var local = Cluster.Installation.PathOf($"{kubectl}.bin");
        var back = Cluster.Installation.PathOf($"{kubectl}.back");
        var remote = $"/tmp/{kubectl}.bin";
        await File.WriteAllBytesAsync(local, RandomNumberGenerator.GetBytes(CopiedBytes), Token);
        var sum = await SumAsync(local);

        await client.SucceedAsync("cp", local, $"{Cluster.Namespace}/worker:{remote}");
        var remoteSum = await Cluster.Direct.SucceedAsync("-n", Cluster.Namespace, "exec", "worker", "--", "sha256sum", remote);
        Assert.StartsWith(sum, remoteSum, StringComparison.OrdinalIgnoreCase);

        await client.SucceedAsync("cp", $"{Cluster.Namespace}/worker:{remote}", back);
        Assert.Equal(sum, await SumAsync(back));
        await Cluster.Direct.SucceedAsync("-n", Cluster.Namespace, "exec", "worker", "--", "rm", remote);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task PortForward_ReachesAServerInAPod(string kubectl)
    {
        await using var forward = Cluster.Tunnelled(kubectl).Start("-n", Cluster.Namespace, "port-forward", "pod/site", ":80");
        var line = await forward.WaitForLineAsync(l => l.StartsWith("Forwarding from 127.0.0.1:", StringComparison.Ordinal), "its port", cancellationToken: Token);
        var port = Port().Match(line).Groups[1].Value;
        var direct = await Cluster.Direct.SucceedAsync("get", "--raw", $"/api/v1/namespaces/{Cluster.Namespace}/pods/site:80/proxy/");

        using var http = new HttpClient();
        // More than one connection: each is a stream pair of its own in the session.
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/");
            request.Headers.ConnectionClose = true;
            using var response = await http.SendAsync(request, Token);
            Assert.Equal(direct, await response.Content.ReadAsStringAsync(Token));
        }
    }

    /// <summary>
    /// Follows a pod of its own from its first line. Kubelets that share a machine clear away each other's log files, and then
    /// the cluster itself has nothing to show: that is tried again with another pod.
    /// </summary>
    private async Task<ProgramProcess> FollowAsync(string kubectl)
    {
        for (var attempt = 1; ; attempt++)
        {
            var pod = string.Create(CultureInfo.InvariantCulture, $"teller-{kubectl.Replace('.', '-')}-{attempt}");
            await Cluster.ApplyToScratchAsync(Teller(pod));
            await Cluster.Direct.SucceedAsync("-n", Cluster.Scratch, "wait", "--for=condition=Ready", $"pod/{pod}", "--timeout=60s");
            var logs = Cluster.Tunnelled(kubectl).Start("-n", Cluster.Scratch, "logs", "--follow", pod);
            var first = await logs.WaitForLineAsync(_ => true, "a first line", cancellationToken: Token);
            if (attempt == FollowAttempts || !first.Contains("no such file or directory", StringComparison.Ordinal))
                return logs;
            await logs.DisposeAsync();
        }
    }

    private static string Teller(string name) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: { name: "{{name}}" }
        spec:
          terminationGracePeriodSeconds: 0
          containers:
          - name: teller
            image: busybox:1.35
            command: [sh, -c, "i=0; while true; do echo tick $i; i=$((i+1)); sleep 1; done"]
        """;

    private static async Task<string> SumAsync(string file)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexString(await SHA256.HashDataAsync(stream, Token));
    }

    [GeneratedRegex(@"127\.0\.0\.1:(\d+) ", RegexOptions.CultureInvariant)]
    private static partial Regex Port();
}
