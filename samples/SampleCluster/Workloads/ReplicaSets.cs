using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Workloads;

/// <summary>Makes replica sets from deployments, and pods from replica sets.</summary>
internal static class ReplicaSets
{
    private const string HashLabel = "pod-template-hash";
    private const string HashAlphabet = "bcdfghjklmnpqrstvwxz2456789";

    public static string TemplateHash(JsonObject deployment)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(deployment.At("spec", "template")?.ToJsonString() ?? ""));
        return string.Concat(hash.Take(9).Select(b => HashAlphabet[b % HashAlphabet.Length]));
    }

    public static JsonObject FromDeployment(JsonObject deployment)
    {
        var hash = TemplateHash(deployment);
        var template = (JsonObject)(deployment.Object("spec", "template")?.DeepClone() ?? new JsonObject());
        template["metadata"] ??= new JsonObject();
        template["metadata"]!["labels"] ??= new JsonObject();
        template["metadata"]!["labels"]![HashLabel] = hash;
        var selector = (JsonObject)(deployment.Object("spec", "selector")?.DeepClone() ?? new JsonObject());
        selector["matchLabels"] ??= new JsonObject();
        selector["matchLabels"]![HashLabel] = hash;
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Text("metadata", "name")}-{hash}",
                ["labels"] = template["metadata"]!["labels"]!.DeepClone(),
                ["annotations"] = new JsonObject { ["deployment.kubernetes.io/revision"] = "1" },
                ["creationTimestamp"] = deployment.Text("metadata", "creationTimestamp"),
                ["ownerReferences"] = new JsonArray(Owner(deployment, "apps/v1", "Deployment")),
            },
            ["spec"] = new JsonObject { ["replicas"] = deployment.Number("spec", "replicas") ?? 1, ["selector"] = selector, ["template"] = template },
        };
    }

    public static JsonObject Pod(JsonObject replicaSet)
    {
        var template = (JsonObject)replicaSet.Object("spec", "template")!.DeepClone();
        var metadata = (JsonObject)template["metadata"]!.DeepClone();
        metadata.Remove("creationTimestamp");
        metadata["generateName"] = replicaSet.Text("metadata", "name") + "-";
        metadata["ownerReferences"] = new JsonArray(Owner(replicaSet, "apps/v1", "ReplicaSet"));
        return new JsonObject { ["metadata"] = metadata, ["spec"] = template["spec"]?.DeepClone() ?? new JsonObject() };
    }

    private static JsonObject Owner(JsonObject owner, string apiVersion, string kind) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["name"] = owner.Text("metadata", "name"),
        ["uid"] = owner.Text("metadata", "uid"),
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };
}
