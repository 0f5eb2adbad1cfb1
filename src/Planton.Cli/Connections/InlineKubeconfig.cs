using System.Text;
using Planton.Api.Connections;
using Planton.Cli.Data;
using Planton.Cli.Data.Yaml;
using Planton.Cli.Invocation;
using Planton.Cli.Kubeconfigs;

namespace Planton.Cli.Connections;

/// <summary>
/// What of a kubeconfig goes to the control plane: the cluster and the user of one context, with the files that they name put in
/// as data. The server and the runner check again.
/// </summary>
internal static class InlineKubeconfig
{
    private const int MaxFileBytes = 1024 * 1024;

    private static readonly (string File, string Data)[] ClusterFiles = [("certificate-authority", "certificate-authority-data")];

    private static readonly (string File, string Data)[] UserFiles =
    [
        ("client-certificate", "client-certificate-data"), ("client-key", "client-key-data"),
    ];

    /// <summary>The text to send, or why there is none.</summary>
    public static (string? Text, CliError? Error) Read(string file, string? context)
    {
        if (!File.Exists(file))
            return (null, CliError.Usage($"{file} does not exist", "Give the kubeconfig's path with --kubeconfig."));
        if (!KubeconfigFile.TryRead(file, out var document, out var fault))
            return (null, CliError.Usage($"{file} is not a kubeconfig: {fault}"));
        var name = context ?? document["current-context"]?.Text;
        if (name is not { Length: > 0 })
            return (null, CliError.Usage($"{file} has no current context", $"Choose one with --kube-context: {Contexts(document)}."));
        if (Named(document, "contexts", name, "context") is not { } chosen)
            return (null, CliError.Usage($"{file} has no context '{name}'", $"It has: {Contexts(document)}."));
        if (Named(document, "clusters", chosen["cluster"]?.Text, "cluster") is not { } cluster)
            return (null, CliError.Usage($"{file} has no cluster '{chosen["cluster"]?.Text}', which context '{name}' names"));
        var user = Named(document, "users", chosen["user"]?.Text, "user") ?? new DataMap();
        if (Refuse(user, name) is { } refusal)
            return (null, refusal);
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        if ((Embed(cluster, ClusterFiles, folder) ?? Embed(user, UserFiles, folder) ?? EmbedToken(user, folder)) is { } unreadable)
            return (null, unreadable);
        cluster.Entries.Remove("extensions");
        var text = YamlWriter.ToText(Document(name, cluster, user), sortKeys: false);
        return Encoding.UTF8.GetByteCount(text) <= KubernetesTarget.MaxKubeconfigBytes
            ? (text, null)
            : (null, CliError.Usage($"context '{name}' has more than {KubernetesTarget.MaxKubeconfigBytes / 1024} KiB with its files", "Leave out certificates that are not needed."));
    }

    private static CliError? Refuse(DataMap user, string context)
    {
        if (user["exec"] is DataMap exec)
        {
            return CliError.Usage(
                $"context '{context}' logs in with a program (exec: {exec["command"]?.Text}), and a runner runs no program that a connection names",
                "Let the runner log in by its own kubeconfig (--auth-mode runner), or use a context with a token or a certificate.");
        }

        return user["auth-provider"] is DataMap
            ? CliError.Usage($"context '{context}' logs in with an auth-provider, which an inline connection cannot", "Use a context with a token or a certificate.")
            : null;
    }

    // Data goes before the file, as everywhere around Kubernetes.
    private static CliError? Embed(DataMap map, (string File, string Data)[] fields, string folder)
    {
        foreach (var (file, data) in fields)
        {
            if (map[file]?.Text is { Length: > 0 } path && map[data]?.Text is not { Length: > 0 })
            {
                if (ReadFile(path, folder, out var content) is { } error)
                    return error;
                map.Set(data, Convert.ToBase64String(content));
            }

            map.Entries.Remove(file);
        }

        return null;
    }

    private static CliError? EmbedToken(DataMap user, string folder)
    {
        if (user["tokenFile"]?.Text is { Length: > 0 } path)
        {
            if (ReadFile(path, folder, out var content) is { } error)
                return error;
            user.Set("token", Encoding.UTF8.GetString(content).Trim());
        }

        user.Entries.Remove("tokenFile");
        return null;
    }

    private static CliError? ReadFile(string path, string folder, out byte[] content)
    {
        var file = new FileInfo(Path.GetFullPath(path, folder));
        content = [];
        if (!file.Exists)
            return CliError.Usage($"{file.FullName}, which the kubeconfig names, does not exist");
        if (file.Length > MaxFileBytes)
            return CliError.Usage($"{file.FullName}, which the kubeconfig names, is larger than {MaxFileBytes} bytes");
        content = File.ReadAllBytes(file.FullName);
        return null;
    }

    private static DataMap Document(string name, DataMap cluster, DataMap user)
    {
        var document = KubeconfigDocument.Empty();
        document.Set("clusters", One(name, "cluster", cluster));
        document.Set("users", One(name, "user", user));
        document.Set("contexts", One(name, "context", new DataMap(("cluster", new DataText(name)), ("user", new DataText(name)))));
        document.Set("current-context", name);
        return document;
    }

    private static DataList One(string name, string member, DataMap value) => new([new DataMap(("name", new DataText(name)), (member, value))]);

    private static DataMap? Named(DataMap document, string list, string? name, string member) =>
        name is null ? null : document[list]?.Items.FirstOrDefault(entry => entry["name"]?.Text == name)?[member] as DataMap;

    private static string Contexts(DataMap document) =>
        document["contexts"]?.Items.Select(entry => entry["name"]?.Text).OfType<string>().ToArray() is { Length: > 0 } names
            ? string.Join(", ", names.Take(20))
            : "none";
}
