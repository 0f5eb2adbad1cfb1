using Planton.Cli.Data;
using Planton.Cli.Data.Yaml;

namespace Planton.Cli.Credentials;

/// <summary>A runner's credentials as a Kubernetes Secret.</summary>
internal static class CredentialsSecret
{
    /// <summary>The manifest, which <c>kubectl apply -f -</c> takes as it is.</summary>
    public static string ToManifest(string runner, string? organization, string credentials, string? name, string? ns)
    {
        var labels = new DataMap(
            ("app.kubernetes.io/name", new DataText("planton-runner")),
            ("app.kubernetes.io/instance", new DataText(runner)),
            ("app.kubernetes.io/managed-by", new DataText("planton")));
        labels.Set("planton.dev/organization", organization);
        var metadata = new DataMap(("name", new DataText(name ?? $"planton-runner-{runner}")));
        metadata.Set("namespace", ns);
        metadata.Set("labels", labels);
        return YamlWriter.ToText(
            new DataMap(
                ("apiVersion", new DataText("v1")),
                ("kind", new DataText("Secret")),
                ("metadata", metadata),
                ("type", new DataText("Opaque")),
                ("stringData", new DataMap(("credentials.json", new DataText(credentials))))),
            sortKeys: false);
    }
}
