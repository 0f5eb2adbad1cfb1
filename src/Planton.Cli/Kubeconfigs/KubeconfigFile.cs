using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Planton.Cli.Data;
using Planton.Cli.Data.Yaml;
using Planton.Kubeconfigs;

namespace Planton.Cli.Kubeconfigs;

/// <summary>Reads a kubeconfig that somebody else wrote.</summary>
internal static class KubeconfigFile
{
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>False, and what is wrong with it, when it is none. An empty file is an empty kubeconfig.</summary>
    public static bool TryRead(string file, [NotNullWhen(true)] out DataMap? document, [NotNullWhen(false)] out string? fault)
    {
        document = null;
        fault = new FileInfo(file).Length > MaxBytes ? "it is too large" : null;
        if (fault is not null)
            return false;
        switch (YamlDataReader.Read(File.ReadAllText(file), node => node is JsonObject root ? KubeconfigRules.Fault(root) : null, out fault))
        {
            case DataMap { Entries.Count: > 0 } existing:
                document = existing;
                break;
            case DataMap or DataNull:
                document = KubeconfigDocument.Empty();
                break;
            default:
                fault ??= "it is not a mapping";
                break;
        }

        return document is not null;
    }
}
