using SampleCluster.Objects;

namespace SampleCluster.Api;

/// <summary>What a path below <c>/api/v1</c> or <c>/apis/GROUP/VERSION</c> names.</summary>
internal sealed record ResourcePath(ResourceType Type, string? Namespace, string? Name, string? Subresource)
{
    /// <summary>Null when the path names nothing that this cluster keeps.</summary>
    public static ResourcePath? Parse(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        return parts switch
        {
            ["api", var version, .. var rest] => Parse("", version, rest),
            ["apis", var group, var version, .. var rest] => Parse(group, version, rest),
            _ => null,
        };
    }

    private static ResourcePath? Parse(string group, string version, string[] rest) => rest switch
    {
        ["namespaces", var name, "status" or "finalize"] when group.Length == 0 => Make(group, version, "namespaces", null, name, rest[2]),
        ["namespaces", var space, var plural] => Make(group, version, plural, space, null, null),
        ["namespaces", var space, var plural, var name] => Make(group, version, plural, space, name, null),
        ["namespaces", var space, var plural, var name, var sub] => Make(group, version, plural, space, name, sub),
        [var plural] => Make(group, version, plural, null, null, null),
        [var plural, var name] => Make(group, version, plural, null, name, null),
        [var plural, var name, var sub] => Make(group, version, plural, null, name, sub),
        _ => null,
    };

    private static ResourcePath? Make(string group, string version, string plural, string? space, string? name, string? sub)
    {
        if (ResourceTypes.Find(group, version, plural) is not { } type)
            return null;

        // A namespaced object has no address without its namespace; only lists go across.
        if (type.Namespaced ? space is null && name is not null : space is not null)
            return null;
        return new ResourcePath(type, space, name, sub);
    }
}
