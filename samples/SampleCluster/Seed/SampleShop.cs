using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Seed;

/// <summary>What the cluster holds when it starts: a small shop, one of whose parts is broken so that there is something to find.</summary>
internal static class SampleShop
{
    private static readonly TimeSpan ClusterAge = TimeSpan.FromDays(12);
    private static readonly TimeSpan ShopAge = TimeSpan.FromHours(3);

    public static void Write(ObjectStore store)
    {
        var seed = new SeedWriter(store, store.Time.GetUtcNow());
        foreach (var name in new[] { "default", "kube-system", "shop" })
        {
            seed.Named(ResourceTypes.Namespaces, "", name, name == "shop" ? ShopAge : ClusterAge);
            seed.Named(ResourceTypes.ServiceAccounts, name, "default", ClusterAge);
        }

        WriteNodes(seed);
        seed.Service("default", "kubernetes", "10.96.0.1", 443, ClusterAge);
        seed.Deployment("kube-system", "coredns", "sample/coredns:1.11", 2, ClusterAge);
        seed.Deployment("default", "hello", "sample/hello:1.0", 2, ShopAge);
        seed.Service("default", "hello", "10.96.12.7", 80, ShopAge);
        WriteShop(store, seed);
    }

    private static void WriteShop(ObjectStore store, SeedWriter seed)
    {
        var storefront = seed.Deployment("shop", "storefront", "sample/storefront:2.3.1", 2, ShopAge);
        seed.Deployment("shop", "cart", "sample/cart:1.8.0", 1, ShopAge);
        var payments = seed.Deployment("shop", "payments", "sample/payments:0.9.4", 1, ShopAge, running: false)[0];
        seed.Crash("shop", payments, restarts: 37);
        seed.Service("shop", "storefront", "10.96.40.2", 80, ShopAge, "NodePort");
        seed.Service("shop", "cart", "10.96.40.3", 8080, ShopAge);
        seed.Service("shop", "payments", "10.96.40.4", 8080, ShopAge);
        seed.Named(ResourceTypes.ConfigMaps, "shop", "storefront-config", ShopAge, new JsonObject
        {
            ["data"] = new JsonObject { ["currency"] = "EUR", ["theme"] = "winter" },
        });
        var broken = store.Get(ResourceTypes.Pods, "shop", payments)!;
        seed.Event(broken, "Normal", "Pulled", "Container image \"sample/payments:0.9.4\" already present on machine", "kubelet", TimeSpan.FromSeconds(134), 38);
        seed.Event(broken, "Warning", "BackOff", $"Back-off restarting failed container payments in pod {payments}", "kubelet", TimeSpan.FromSeconds(20), 812);
        seed.Event(
            store.Get(ResourceTypes.Pods, "shop", storefront[0])!, "Normal", "Scheduled",
            $"Successfully assigned shop/{storefront[0]} to sample-node-1", "default-scheduler", TimeSpan.FromMinutes(50));
    }

    private static void WriteNodes(SeedWriter seed)
    {
        foreach (var (name, role, address) in new[] { ("sample-node-1", "control-plane", "10.10.0.11"), ("sample-node-2", "", "10.10.0.12") })
        {
            var labels = new JsonObject { ["kubernetes.io/hostname"] = name, ["kubernetes.io/os"] = "linux", ["kubernetes.io/arch"] = "amd64" };
            if (role.Length > 0)
                labels[$"node-role.kubernetes.io/{role}"] = "";
            var capacity = new JsonObject { ["cpu"] = "4", ["memory"] = "8Gi", ["pods"] = "110" };
            seed.Create(ResourceTypes.Nodes, "", new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels },
                ["spec"] = new JsonObject(),
                ["status"] = new JsonObject
                {
                    ["addresses"] = new JsonArray(
                        new JsonObject { ["type"] = "InternalIP", ["address"] = address }, new JsonObject { ["type"] = "Hostname", ["address"] = name }),
                    ["capacity"] = capacity,
                    ["allocatable"] = capacity.DeepClone(),
                    ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True", ["reason"] = "KubeletReady", ["message"] = "a sample is always ready" }),
                    ["nodeInfo"] = new JsonObject
                    {
                        ["kubeletVersion"] = Discovery.ServerVersion.GitVersion,
                        ["kubeProxyVersion"] = Discovery.ServerVersion.GitVersion,
                        ["osImage"] = "Sample cluster (not Kubernetes)",
                        ["kernelVersion"] = "0.0.0-sample",
                        ["containerRuntimeVersion"] = "sample://1",
                        ["operatingSystem"] = "linux",
                        ["architecture"] = "amd64",
                        ["machineID"] = name,
                        ["systemUUID"] = name,
                        ["bootID"] = name,
                    },
                },
            }, ClusterAge);
        }
    }
}
