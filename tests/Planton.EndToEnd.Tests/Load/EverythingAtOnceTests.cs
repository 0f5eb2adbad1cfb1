using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Planton.Api.Client;
using Planton.EndToEnd.Tests.Clusters;
using Planton.EndToEnd.Tests.Installations;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Load;

/// <summary>A large list, a large log, many watches and a reader that is slow, all through one runner.</summary>
[Collection(nameof(Alone))]
[Trait("Category", "Cluster")]
[Trait("Category", "Slow")]
public sealed partial class EverythingAtOnceTests(ITestOutputHelper output)
{
    private const int LogAttempts = 8;

    // The heap's own slack, which does not depend on the load.
    private const long HeapSlackBytes = 24L * 1024 * 1024;

    // How far the peak of the second load may exceed the peak of the first.
    private const long KeptBytes = 16L * 1024 * 1024;

    private static readonly int Objects = Sizes.Objects;
    private static readonly int Watches = Sizes.Watches;
    private static readonly long LogBytes = Sizes.LogBytes;

    // Well below the log: a program that holds the whole of it exceeds this.
    private static readonly long MaxGrowthBytes = HeapSlackBytes + LogBytes / 8;

    private static readonly TimeSpan ChangeIsSeenWithin = TimeSpan.FromSeconds(5);
    private static readonly string Filler = new('x', 600);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenAListALogWatchesAndASlowReaderRunAtOnce_NoneFails_AndMemoryStaysBounded()
    {
        await using var cluster = await RealCluster.StartAsync();
        await using var direct = await DirectApi.StartAsync(cluster.Direct);
        await MakeObjectsAsync(direct, cluster.Namespace);
        await MakeLogAsync(cluster);
        // Each once before, so that what is measured is the load and not the first use of everything. But of the log only the end: a
        // program that holds a log would hold it before already.
        await ListAsync(cluster);
        Assert.NotEqual(0, await CountLogAsync(cluster, cluster.TunnelKubeconfig, "--tail=100"));
        using var http = new HttpClient { BaseAddress = new Uri($"{cluster.Installation.Server.Addresses.Http}/kubernetes/default/{RealCluster.Connection}/") };
        var key = PlantonApiClient.Bearer(cluster.Installation.Server.InitialKey);
        var configMaps = $"api/v1/namespaces/{cluster.Namespace}/configmaps";

        await using var server = new MemorySampler(cluster.Installation.Server.Process);
        await using var runner = new MemorySampler(cluster.Runner.Process);
        await LoadAsync(cluster, http, configMaps, key);
        output.WriteLine($"{server}\n{runner}");
        Assert.InRange(server.Growth, 0, MaxGrowthBytes);
        Assert.InRange(runner.Growth, 0, MaxGrowthBytes);

        // The garbage collector may keep free memory, so compare two loads: a leak in the first one repeats in the second.
        var (serverPeak, runnerPeak) = (server.Peak, runner.Peak);
        await LoadAsync(cluster, http, configMaps, key);
        output.WriteLine($"after the second load: {server}\n{runner}");
        Assert.InRange(server.Peak - serverPeak, 0, KeptBytes);
        Assert.InRange(runner.Peak - runnerPeak, 0, KeptBytes);
    }

    private async Task LoadAsync(RealCluster cluster, HttpClient http, string configMaps, AuthenticationHeaderValue key)
    {
        await using var slow = await SlowReader.StartAsync(http, configMaps, key);
        var version = await VersionAsync(cluster);
        var watches = await Task.WhenAll(Enumerable.Range(0, Watches).Select(_ => ObjectWatch.StartAsync(http, $"{configMaps}?watch=1&resourceVersion={version}", key)));
        try
        {
            var log = ReadLogAsync(cluster);
            await ListAsync(cluster);
            await ChangeIsSeenAsync(cluster, watches);
            await log;
            output.WriteLine($"the slow reader had {slow.BytesRead / 1024} KiB by then");
            Assert.False(slow.Reading.IsCompleted, "the slow reader was cut, or was not slow");
            Assert.True(slow.BytesRead > 0);
        }
        finally
        {
            foreach (var watch in watches)
                await watch.DisposeAsync();
        }
    }

    private async Task MakeObjectsAsync(DirectApi direct, string ns)
    {
        var started = Stopwatch.GetTimestamp();
        var limits = new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token };
        await Parallel.ForAsync(0, Objects, limits, async (i, _) => await direct.PostAsync(
            $"api/v1/namespaces/{ns}/configmaps",
            string.Create(CultureInfo.InvariantCulture, $$$"""{"metadata":{"name":"cm-{{{i:00000}}}"},"data":{"filler":"{{{Filler}}}"}}""")));
        output.WriteLine($"{Objects} config maps made in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
    }

    /// <summary>
    /// A pod that has printed the whole log. The kubelet turns logs over by a clock of its own; a pod whose log it turned while it
    /// printed is made again.
    /// </summary>
    private static async Task MakeLogAsync(RealCluster cluster)
    {
        for (var attempt = 1; ; attempt++)
        {
            await cluster.ApplyAsync($$"""
                apiVersion: v1
                kind: Pod
                metadata: { name: talker }
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 0
                  containers:
                  - name: talker
                    image: busybox:1.35
                    command: [sh, -c, "yes $(head -c 4000 /dev/zero | tr '\\0' x) | head -c {{LogBytes}}"]
                """);
            await Eventually.BecomesTrueAsync(
                async () => await cluster.Direct.SucceedAsync("-n", cluster.Namespace, "get", "pod", "talker", "-o", "jsonpath={.status.phase}") == "Succeeded",
                "the pod has printed everything", TimeSpan.FromSeconds(60), Token);
            var bytes = await CountLogAsync(cluster, ClusterTools.Kubeconfig);
            if (bytes == LogBytes)
                return;
            Assert.True(attempt < LogAttempts, $"the kubelet keeps only {bytes} bytes of the log");
            await cluster.Direct.SucceedAsync("-n", cluster.Namespace, "delete", "pod", "talker");
            // The kubelet cuts the logs of running containers every 10 s: the next attempt must not meet the same moment again.
            await Task.Delay(attempt * 1300, Token);
        }
    }

    /// <summary>Every byte comes through; a log that the kubelet itself threw away meanwhile proves nothing, and is made again.</summary>
    private async Task ReadLogAsync(RealCluster cluster)
    {
        for (var attempt = 1; ; attempt++)
        {
            var started = Stopwatch.GetTimestamp();
            var bytes = await CountLogAsync(cluster, cluster.TunnelKubeconfig);
            var took = Stopwatch.GetElapsedTime(started);
            if (bytes == LogBytes)
            {
                output.WriteLine($"{LogBytes / 1_000_000} MB of log came through in {took.TotalSeconds:0.0} s");
                return;
            }

            Assert.NotEqual(LogBytes, await CountLogAsync(cluster, ClusterTools.Kubeconfig));
            Assert.True(attempt < LogAttempts, $"the log was lost in the cluster {attempt} times");
            await cluster.Direct.SucceedAsync("-n", cluster.Namespace, "delete", "pod", "talker");
            await MakeLogAsync(cluster);
        }
    }

    // By a pipe: the log is too large for the memory of a test.
    private static async Task<long> CountLogAsync(RealCluster cluster, string kubeconfig, string option = "")
    {
        var environment = cluster.Direct.Environment;
        environment["KUBECONFIG"] = kubeconfig;
        var result = await ProgramProcess.RunAsync(
            "/bin/sh", ["-c", $"{cluster.Direct.Program} -n {cluster.Namespace} logs talker {option} | wc -c"], environment, timeout: TimeSpan.FromSeconds(120), cancellationToken: Token);
        Assert.True(result.Error.Length == 0, result.Error);
        return long.Parse(result.Output, CultureInfo.InvariantCulture);
    }

    private async Task ListAsync(RealCluster cluster)
    {
        string[] arguments = ["get", "cm", "-A"];
        var started = Stopwatch.GetTimestamp();
        var ours = await cluster.Installation.SucceedAsync(["kubectl", .. arguments, "--connection", RealCluster.Connection]);
        output.WriteLine($"planton kubectl get: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s");
        started = Stopwatch.GetTimestamp();
        var theirs = await cluster.Tunnelled(ClusterTools.NewestKubectl).SucceedAsync(arguments);
        output.WriteLine($"kubectl through the tunnel: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s");

        var rows = Rows(await cluster.Direct.SucceedAsync(arguments));
        Assert.Equal(Objects, rows.Count(row => row.StartsWith(cluster.Namespace + " cm-", StringComparison.Ordinal)));
        Assert.Equal(rows, Rows(ours));
        Assert.Equal(rows, Rows(theirs));
    }

    private async Task ChangeIsSeenAsync(RealCluster cluster, ObjectWatch[] watches)
    {
        const string Name = "the-change";
        var seeing = Task.WhenAll(watches.Select(watch => watch.SeesAsync(Name)));
        var started = Stopwatch.GetTimestamp();
        await cluster.Direct.SucceedAsync("-n", cluster.Namespace, "create", "configmap", Name);
        await seeing.WaitAsync(ChangeIsSeenWithin, Token);
        output.WriteLine($"all {watches.Length} watches saw the change {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms after kubectl was started to make it");
        await cluster.Direct.SucceedAsync("-n", cluster.Namespace, "delete", "configmap", Name);
    }

    private static async Task<string> VersionAsync(RealCluster cluster)
    {
        var list = await cluster.Direct.SucceedAsync("get", "--raw", $"/api/v1/namespaces/{cluster.Namespace}/configmaps?limit=1");
        return ResourceVersion().Match(list).Groups[1].Value;
    }

    /// <summary>Namespace, name and count of each row: ages, and with them widths, differ by when it was asked.</summary>
    private static string[] Rows(string table) =>
        [.. table.TrimEnd('\n').Split('\n').Skip(1).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(3)))];

    [GeneratedRegex("\"resourceVersion\":\"(\\d+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex ResourceVersion();
}
