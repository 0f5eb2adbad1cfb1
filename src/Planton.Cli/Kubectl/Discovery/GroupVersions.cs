using Planton.Cli.Data;

namespace Planton.Cli.Kubectl.Discovery;

/// <summary>Reads the answers of <c>/api</c> and <c>/apis</c>.</summary>
internal static class GroupVersions
{
    /// <summary>The versions, the preferred one of every group first.</summary>
    public static IReadOnlyList<GroupVersion> Read(DataNode list)
    {
        if (list["kind"]?.Text == "APIVersions")
            return [.. GroupVersion.Texts(list["versions"]).Select(version => new GroupVersion("", version))];
        var groups = list["groups"]?.Items ?? [];
        var preferred = groups.Select(group => new GroupVersion(group["name"]?.Text ?? "", group["preferredVersion"]?["version"]?.Text ?? ""));
        var all = groups.SelectMany(group => (group["versions"]?.Items ?? [])
            .Select(version => new GroupVersion(group["name"]?.Text ?? "", version["version"]?.Text ?? "")));
        return [.. preferred.Concat(all).Where(version => version.Version.Length > 0).Distinct()];
    }
}
