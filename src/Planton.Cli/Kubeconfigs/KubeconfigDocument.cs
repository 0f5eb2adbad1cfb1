using System.Text;
using Planton.Cli.Data;

namespace Planton.Cli.Kubeconfigs;

/// <summary>Edits a kubeconfig.</summary>
internal static class KubeconfigDocument
{
    public static DataMap Empty() => new(("apiVersion", new DataText("v1")), ("kind", new DataText("Config")));

    /// <summary>
    /// Adds the entry, or replaces the one of its name; everything else in the document is kept. Its context becomes the current
    /// one where that is asked for or there is none: a client must be able to use what was written.
    /// </summary>
    public static void Merge(DataMap document, KubeconfigEntry entry, bool setCurrent)
    {
        var cluster = new DataMap(("server", new DataText($"{entry.Server.KubernetesUrl.TrimEnd('/')}/kubernetes/{entry.Organization}/{entry.Address}")));
        if (entry.Server.KubernetesCaCertificates is { Length: > 0 } authorities)
            cluster.Set("certificate-authority-data", Convert.ToBase64String(Encoding.UTF8.GetBytes(authorities)));
        SetNamed(document, "clusters", entry.Name, "cluster", cluster);
        SetNamed(document, "contexts", entry.Name, "context", new DataMap(("cluster", new DataText(entry.Name)), ("user", new DataText(entry.Name))));
        SetNamed(document, "users", entry.Name, "user", new DataMap(("token", new DataText(entry.ApiKey))));
        if (setCurrent || document["current-context"]?.Text is not { Length: > 0 })
            document.Set("current-context", entry.Name);
    }

    private static void SetNamed(DataMap document, string list, string name, string member, DataMap value)
    {
        // An empty list is written as null by some tools.
        if (document[list] is not DataList entries)
            document.Set(list, entries = new DataList());
        var named = new DataMap(("name", new DataText(name)), (member, value));
        var at = entries.Values.FindIndex(existing => existing["name"]?.Text == name);
        if (at < 0)
            entries.Values.Add(named);
        else
            entries.Values[at] = named;
    }
}
