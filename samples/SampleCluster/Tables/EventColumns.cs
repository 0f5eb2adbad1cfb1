using System.Text;
using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Tables;

internal static class EventColumns
{
    public static IReadOnlyList<TableColumn> All { get; } =
    [
        new("Last Seen", "string", 0, (o, now) => HumanDuration.Since(o.Time("lastTimestamp") ?? First(o), now)),
        new("Type", "string", 0, (o, _) => o.Text("type")),
        new("Reason", "string", 0, (o, _) => o.Text("reason")),
        new("Object", "string", 0, (o, _) => Involved(o)),
        new("Subobject", "string", 1, (o, _) => o.Text("involvedObject", "fieldPath") ?? ""),
        new("Source", "string", 1, (o, _) => Source(o)),
        new("Message", "string", 0, (o, _) => o.Text("message")?.Trim()),
        new("First Seen", "string", 1, (o, now) => HumanDuration.Since(First(o), now)),
        new("Count", "string", 1, (o, _) => o.Number("count") ?? 1),
        new("Name", "string", 1, (o, _) => o.Text("metadata", "name")),
    ];

    private static DateTimeOffset? First(JsonObject item) => item.Time("firstTimestamp") ?? item.Time("eventTime");

    private static string Involved(JsonObject item) =>
        $"{SmallLetters(item.Text("involvedObject", "kind") ?? "")}/{item.Text("involvedObject", "name")}";

    private static string SmallLetters(string kind) => string.Create(kind.Length, kind, (to, from) => Ascii.ToLower(from, to, out _));

    private static string Source(JsonObject item) =>
        string.Join(", ", new[] { item.Text("source", "component"), item.Text("source", "host") }.Where(s => !string.IsNullOrEmpty(s)));
}
