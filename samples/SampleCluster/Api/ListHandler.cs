using System.Text.Json;
using System.Text.Json.Nodes;
using SampleCluster.Objects;
using SampleCluster.Tables;

namespace SampleCluster.Api;

/// <summary><c>GET</c> of a collection.</summary>
internal sealed class ListHandler(ObjectStore store)
{
    public async Task HandleAsync(HttpContext context, ListRequest request)
    {
        ContinueToken? from = null;
        if (request.Query["continue"].ToString() is { Length: > 0 } text && (from = ContinueToken.Parse(text)) is null)
        {
            await context.Response.WriteStatusAsync(ApiStatus.BadRequest("invalid continue token: continue key is not valid"), context.RequestAborted);
            return;
        }

        var (version, objects) = store.List(request.Type, request.Selector.Namespace);
        var matching = objects
            .Where(o => from is null || string.CompareOrdinal(o.Key, from.LastKey) > 0)
            .Where(request.Selector.Matches)
            .ToList();
        var page = request.Limit > 0 && matching.Count > request.Limit ? matching[..request.Limit] : matching;
        var metadata = ObjectTable.VersionMetadata(from?.Version ?? version);
        if (page.Count < matching.Count)
        {
            metadata["continue"] = new ContinueToken(from?.Version ?? version, page[^1].Key).ToString();
            metadata["remainingItemCount"] = matching.Count - page.Count;
        }

        if (request.Form == AnswerForm.Table)
        {
            var table = ObjectTable.Make(request.Type, metadata, page, request.IncludeObject, store.Time.GetUtcNow());
            await context.Response.WriteObjectAsync(table, context.RequestAborted);
        }
        else
        {
            await WriteListAsync(context, request.Type, metadata, page);
        }
    }

    /// <summary>Writes objects from their stored bytes, so that a list of thousands is not built a second time.</summary>
    private static async Task WriteListAsync(HttpContext context, ResourceType type, JsonObject metadata, List<StoredObject> page)
    {
        const int FlushBytes = 64 * 1024;
        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("kind", type.Kind + "List");
        writer.WriteString("apiVersion", type.GroupVersion);
        writer.WritePropertyName("metadata");
        metadata.WriteTo(writer);
        writer.WriteStartArray("items");
        foreach (var stored in page)
        {
            writer.WriteRawValue(stored.Utf8, skipInputValidation: true);
            if (writer.BytesPending > FlushBytes || context.Response.BodyWriter.UnflushedBytes > FlushBytes)
            {
                await writer.FlushAsync(context.RequestAborted);
                await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
