using System.Text.Json.Nodes;

namespace SampleCluster.Discovery;

/// <summary><c>/version</c>: the version whose API this sample imitates, marked as a sample.</summary>
internal static class ServerVersion
{
    public const string GitVersion = "v1.32.0+sample";

    public static JsonObject Document() => new()
    {
        ["major"] = "1",
        ["minor"] = "32",
        ["gitVersion"] = GitVersion,
        ["gitCommit"] = "sample-cluster",
        ["gitTreeState"] = "sample",
        ["buildDate"] = "2025-01-01T00:00:00Z",
        ["goVersion"] = "none",
        ["compiler"] = "none",
        ["platform"] = "sample/in-memory",
    };
}
