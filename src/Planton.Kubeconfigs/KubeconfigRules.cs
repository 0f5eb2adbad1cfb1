using System.Text.Json;
using System.Text.Json.Nodes;

namespace Planton.Kubeconfigs;

/// <summary>
/// What kubectl refuses of a kubeconfig is refused here too, by the entry's name: a value of the wrong kind, or a name that is there
/// twice. Fields that are not known are ignored, as there. Values are never quoted: they may be secrets.
/// </summary>
internal static class KubeconfigRules
{
    private static readonly Dictionary<string, Kind> Cluster = Fields(
        [("insecure-skip-tls-verify", Kind.Bool), ("disable-compression", Kind.Bool), ("extensions", Kind.List)],
        "server", "tls-server-name", "certificate-authority", "certificate-authority-data", "proxy-url");

    private static readonly Dictionary<string, Kind> User = Fields(
        [("as-groups", Kind.Texts), ("as-user-extra", Kind.Map), ("auth-provider", Kind.Map), ("exec", Kind.Map), ("extensions", Kind.List)],
        "client-certificate", "client-certificate-data", "client-key", "client-key-data", "token", "tokenFile", "as", "as-uid", "username", "password");

    private static readonly Dictionary<string, Kind> Exec = Fields(
        [("args", Kind.Texts), ("env", Kind.List), ("provideClusterInfo", Kind.Bool)], "apiVersion", "command", "installHint", "interactiveMode");

    private static readonly Dictionary<string, Kind> Context = Fields([("extensions", Kind.List)], "cluster", "user", "namespace");

    private static readonly Dictionary<string, Kind> Variable = Fields([], "name", "value");

    private static readonly Dictionary<string, Kind> Root = Fields(
        [("clusters", Kind.List), ("users", Kind.List), ("contexts", Kind.List)], "apiVersion", "kind", "current-context");

    private enum Kind
    {
        Text,
        Texts,
        Bool,
        List,
        Map,
    }

    /// <summary>The first fault; null when there is none.</summary>
    public static string? Fault(JsonObject root)
    {
        if (Fault("it", root, Root) is { } fault)
            return fault;
        if (Text(root["apiVersion"]) is { Length: > 0 } version && version != "v1")
            return "its apiVersion is not v1";
        if (Text(root["kind"]) is { Length: > 0 } kind && kind != "Config")
            return "its kind is not Config";
        return Entries(root, "clusters", "cluster", Cluster) ?? Entries(root, "users", "user", User) ?? Entries(root, "contexts", "context", Context);
    }

    private static string? Entries(JsonObject root, string list, string member, Dictionary<string, Kind> fields)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, entry) in (root[list] as JsonArray ?? []).Index())
        {
            if (entry is not JsonObject named)
                return $"entry {index + 1} of {list} is not a mapping";
            if (named["name"] is { } node && Text(node) is null)
                return $"entry {index + 1} of {list} has a name that is {Describe(node)}: put it in quotes";
            var what = Text(named["name"]) is { Length: > 0 } name ? $"{member} '{name}'" : $"entry {index + 1} of {list}";
            if (!names.Add(Text(named["name"]) ?? ""))
                return $"{what} is there twice";
            if (named[member] is not (null or JsonObject))
                return $"{what} is {Describe(named[member])} instead of a mapping";
            if (Fault(what, named[member] as JsonObject, fields) is { } fault)
                return fault;
        }

        return null;
    }

    private static string? Fault(string what, JsonObject? map, Dictionary<string, Kind> fields)
    {
        foreach (var (field, node) in map ?? [])
        {
            if (node is null || !fields.TryGetValue(field, out var kind))
                continue;
            if (!Fits(node, kind))
                return $"{what} has {field}, which is {Describe(node)} instead of {Wanted(kind)}{(kind == Kind.Text && node is JsonValue ? ": put it in quotes" : "")}";
            if (field == "exec" && Fault($"{what} in exec", node as JsonObject, Exec) is { } inExec)
                return inExec;
            if (field == "env" && node.AsArray().Any(variable => variable is not JsonObject || Fault("", variable.AsObject(), Variable) is not null))
                return $"{what} has an env whose entries are not names and values that are texts: put them in quotes";
        }

        return null;
    }

    private static bool Fits(JsonNode node, Kind kind) => kind switch
    {
        Kind.Text => Text(node) is not null,
        Kind.Bool => node.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        Kind.Texts => node is JsonArray items && items.All(item => item is null || Text(item) is not null),
        Kind.List => node is JsonArray,
        _ => node is JsonObject,
    };

    private static string Wanted(Kind kind) => kind switch
    {
        Kind.Text => "a text",
        Kind.Bool => "true or false",
        Kind.Texts => "a list of texts",
        Kind.List => "a list",
        _ => "a mapping",
    };

    private static string Describe(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false (as yes, no, on and off are too)",
        JsonValueKind.String => "a text",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "a mapping",
        _ => "null",
    };

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private static Dictionary<string, Kind> Fields((string Name, Kind Kind)[] others, params string[] texts) =>
        texts.Select(name => (Name: name, Kind: Kind.Text)).Concat(others).ToDictionary(StringComparer.Ordinal);
}
