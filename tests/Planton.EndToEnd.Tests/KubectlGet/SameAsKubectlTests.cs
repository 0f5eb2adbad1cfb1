using Planton.EndToEnd.Tests.Clusters;
using Planton.EndToEnd.Tests.Kubectl;
using Planton.EndToEnd.Tests.Life;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.KubectlGet;

/// <summary><c>planton kubectl get</c> prints what kubectl prints, compared on the same cluster.</summary>
[Trait("Category", "Slow")]
public sealed class SameAsKubectlTests(RealClusterFixture fixture) : RealClusterTest(fixture)
{
    public static TheoryData<string> CommandLines =>
    [
        "pods -A",
        "pods -n NS",
        "pods -n NS -o wide",
        "po -n NS --no-headers",
        "pods -n NS --show-labels",
        "pods -n NS -L app,tier",
        "pods -n NS -l app=web",
        "pods -n NS -l app!=web,tier",
        "pods -n NS --field-selector status.phase=Running",
        "pods -n NS --field-selector metadata.name=worker -o wide",
        "pods -n NS --chunk-size=1",
        "pods.v1. -n NS",
        "pod worker -n NS",
        "pod/worker svc/web -n NS",
        "pod worker -n NS -o json",
        "pod worker -n NS -o yaml",
        "pod worker site -n NS -o yaml",
        "pods -n NS -o json",
        "pods -n NS -o yaml",
        "pods -n NS -o name",
        "pods,svc -n NS -o name",
        "nodes",
        "nodes -o wide",
        "ns",
        "deploy,svc -n default",
        "deploy,svc,rs -n NS",
        "deploy -n NS -o wide",
        "deployments.v1.apps -n NS",
        "deploy/web -n NS -o yaml",
        "rs -n NS -o wide",
        "svc -n NS -o wide",
        "endpoints -n NS",
        "jobs -n NS -o wide",
        "sts -n NS -o wide",
        "ingress -n NS",
        "hpa -n NS",
        "role,rolebinding -n NS",
        "all -n NS",
        "events -n NS",
        "events -n NS -o wide",
        "cm -n NS",
        "cm odd -n NS -o yaml",
        "cm odd -n NS -o json",
        "cm -n NS -o yaml",
        "cm -n NS -o json",
        "cm,sa -n NS -o yaml",
        "secrets opaque -n NS",
        "secret opaque -n NS -o yaml",
        "sa -n NS",
        "crd",
        "crd gadgets.e2e.planton.dev -o yaml",
        "gadgets -n NS",
        "gadgets -n NS -o wide",
        "gadgets.e2e.planton.dev -A",
        "gd -n NS -l size=big",
        "gd big -n NS -o json",
        "gd -n NS -o yaml",
        "gd,po -n NS -o name",
        "storageclass",
        "apiservices",
        "clusterrole view -o yaml",
        "pods -n kube-node-lease",
        "pods -A -l no=such",
        "pods,cm -n NS -l no=such",
        "pods -n no-such-namespace",
        "pod missing -n NS",
        "pod worker missing -n NS",
        "pod missing -n NS --ignore-not-found",
        "no-such-kind -n NS",
        "pods -n NS -l (=",
        "pods -n NS --field-selector no.such=field",
        "nodes no-such-node -o yaml",
    ];

    [Theory]
    [Trait(RequirementTests.Trait, "S23")]
    [MemberData(nameof(CommandLines))]
    public async Task WhatIsPrintedIsWhatKubectlPrints(string commandLine)
    {
        var arguments = commandLine.Replace("NS", Cluster.Namespace, StringComparison.Ordinal).Split(' ');
        Func<string, string> mask = commandLine switch
        {
            _ when commandLine.Contains("-o json", StringComparison.Ordinal) || commandLine.Contains("-o yaml", StringComparison.Ordinal) => text => text,
            _ when commandLine.Contains("--no-headers", StringComparison.Ordinal) => Ages.MaskLastColumn,
            _ => Ages.Mask,
        };
        var (direct, ours) = await Comparison.SamePrintedAsync(
            () => Cluster.Direct.RunAsync(["get", .. arguments]),
            () => Cluster.Installation.PlantonAsync(["kubectl", "get", .. arguments, "--connection", RealCluster.Connection]),
            mask);

        // Ours is more precise: 3 for what does not exist, where kubectl has 1 for every error.
        Assert.Equal(direct.ExitCode == 0, ours.ExitCode == 0);
        if (direct.Error.Contains("(NotFound)", StringComparison.Ordinal))
            Assert.Equal(3, ours.ExitCode);
    }

    [Fact]
    public async Task WhenObjectsChange_AWatchPrintsTheRowsThatKubectlPrints()
    {
        string[] watch = ["get", "configmaps", "-n", Cluster.Scratch, "-l", "watched=yes", "--watch"];
        await Cluster.Direct.SucceedAsync("create", "configmap", "seen-before", "-n", Cluster.Scratch);
        await Cluster.Direct.SucceedAsync("label", "configmap", "seen-before", "-n", Cluster.Scratch, "watched=yes");
        await using var direct = Cluster.Direct.Start(watch);
        await using var ours = Cluster.Installation.StartPlanton(["kubectl", .. watch, "--connection", RealCluster.Connection]);
        await ThreeColumnsAsync("seen-before", 1);

        await Cluster.ApplyToScratchAsync(Watched("seen-later", """{ "a": "1" }"""));
        await ThreeColumnsAsync("seen-later", 1);
        await Cluster.ApplyToScratchAsync(Watched("seen-later", """{ "a": "1", "b": "2" }"""));
        await ThreeColumnsAsync("seen-later", 2);
        await Cluster.Direct.SucceedAsync("delete", "configmap", "seen-before", "seen-later", "-n", Cluster.Scratch);
        await ThreeColumnsAsync("seen-before", 2);
        await ThreeColumnsAsync("seen-later", 3);

        Assert.Equal(Ages.Mask(string.Join('\n', direct.OutputLines)), Ages.Mask(string.Join('\n', ours.OutputLines)));
        Assert.False(ours.HasExited, ours.Describe());

        async Task ThreeColumnsAsync(string name, int count)
        {
            foreach (var watcher in (ProgramProcess[])[direct, ours])
                await Eventually.BecomesTrueAsync(
                    () => watcher.OutputLines.Count(line => line.StartsWith(name + " ", StringComparison.Ordinal)) >= count,
                    $"{watcher.Name} prints row {count} of {name}\n{watcher.Describe()}",
                    cancellationToken: Token);
        }
    }

    private static string Watched(string name, string data) =>
        $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","labels":{"watched":"yes"}},"data":{{{data}}} }""";
}
