using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Planton.Api.Connections;
using YamlDotNet.Core;

namespace Planton.Server.Connections.Inline;

/// <summary>
/// Takes from a kubeconfig the one cluster and the one user that a connection uses. Faults never quote it: what stands in the
/// wrong place may be a secret.
/// </summary>
internal static class InlineKubeconfigReader
{
    /// <summary>The fields of the cluster and of the user; null when there are faults.</summary>
    public static InlineKubeconfig? Read(string text, string? context, List<string> faults)
    {
        if (Encoding.UTF8.GetByteCount(text) > KubernetesTarget.MaxKubeconfigBytes)
        {
            faults.Add($"is larger than {KubernetesTarget.MaxKubeconfigBytes / 1024} KiB; keep the one context that is used: kubectl config view --raw --minify --flatten");
            return null;
        }

        if (Parse(text, faults) is not { } root)
            return null;
        if (Choose(root, context, faults) is not var (cluster, user))
            return null;
        var found = new InlineKubeconfig(cluster, user);
        faults.AddRange(InlineKubeconfigRules.Check(found));
        return faults.Count == 0 ? found : null;
    }

    private static JsonObject? Parse(string text, List<string> faults)
    {
        try
        {
            if (YamlTree.Read(text) is JsonObject root)
                return root;
            faults.Add("is not a kubeconfig");
        }
        catch (YamlException e)
        {
            // Only the place: the parser's own message may quote a secret.
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"is not valid YAML without aliases (line {e.Start.Line}, column {e.Start.Column})"));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // Some broken texts make the parser fail its own checks.
            faults.Add("is not valid YAML");
        }

        return null;
    }

    private static (JsonObject Cluster, JsonObject User)? Choose(JsonObject root, string? context, List<string> faults)
    {
        foreach (var list in (string[])["clusters", "users", "contexts"])
        {
            if ((root[list] as JsonArray ?? []).GroupBy(entry => Text((entry as JsonObject)?["name"]), StringComparer.Ordinal).Any(same => same.Count() > 1))
                faults.Add($"has two {list} of the same name");
        }

        if (faults.Count > 0)
            return null;
        var name = context ?? Text(root["current-context"]);
        if (name is null)
        {
            faults.Add("has no current-context: name one with kubernetes.context");
            return null;
        }

        if (Named(root, "contexts", name, "context") is not { } chosen)
        {
            faults.Add("has no context of the name that is to be used");
            return null;
        }

        var cluster = Text(chosen["cluster"]) is { } clusterName ? Named(root, "clusters", clusterName, "cluster") : null;
        if (cluster is null)
            faults.Add("has no cluster of the name that its context says");
        var user = Text(chosen["user"]) is { } userName ? Named(root, "users", userName, "user") : new JsonObject();
        if (user is null)
            faults.Add("has no user of the name that its context says");
        return cluster is not null && user is not null ? (cluster, user) : null;
    }

    private static JsonObject? Named(JsonObject root, string list, string name, string member) =>
        (root[list] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(entry => Text(entry["name"]) == name) is { } found
            ? found[member] as JsonObject ?? new JsonObject()
            : null;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}
