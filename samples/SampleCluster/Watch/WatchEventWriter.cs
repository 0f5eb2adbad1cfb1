using System.Text.Json;
using System.Text.Json.Nodes;
using SampleCluster.Api;
using SampleCluster.Objects;
using SampleCluster.Tables;

namespace SampleCluster.Watch;

/// <summary>Writes watch events in the form the client asked for.</summary>
internal sealed class WatchEventWriter(HttpResponse response, ListRequest request, TimeProvider time)
{
    private bool _headingsSent;

    public Task WriteAsync(string type, StoredObject stored, CancellationToken cancellationToken)
    {
        if (request.Form != AnswerForm.Table)
            return WriteEventAsync(type, stored.Json.DeepClone(), cancellationToken);
        var table = ObjectTable.Make(
            request.Type, ObjectTable.VersionMetadata(stored.Version), [stored], request.IncludeObject, time.GetUtcNow(), !_headingsSent);
        _headingsSent = true;
        return WriteEventAsync(type, table, cancellationToken);
    }

    /// <summary>Tells the client how far it has come without an object's change.</summary>
    public async Task WriteBookmarkAsync(long version, bool initialEventsEnd, CancellationToken cancellationToken)
    {
        var metadata = ObjectTable.VersionMetadata(version);
        if (initialEventsEnd)
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        var bookmark = request.Form == AnswerForm.Table
            ? ObjectTable.Make(request.Type, metadata, [], request.IncludeObject, time.GetUtcNow(), headings: false)
            : new JsonObject { ["kind"] = request.Type.Kind, ["apiVersion"] = request.Type.GroupVersion, ["metadata"] = metadata };
        await WriteEventAsync("BOOKMARK", bookmark, cancellationToken);
        await FlushAsync(cancellationToken);
    }

    public Task WriteErrorAsync(ApiStatus status, CancellationToken cancellationToken) =>
        WriteEventAsync("ERROR", status.ToJson(), cancellationToken);

    public Task FlushAsync(CancellationToken cancellationToken) => response.Body.FlushAsync(cancellationToken);

    private async Task WriteEventAsync(string type, JsonNode content, CancellationToken cancellationToken)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes<JsonNode>(new JsonObject { ["type"] = type, ["object"] = content });
        await response.Body.WriteAsync(line, cancellationToken);
        await response.Body.WriteAsync("\n"u8.ToArray(), cancellationToken);
    }
}
