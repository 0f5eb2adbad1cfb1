using System.Text;
using System.Text.Json;

namespace Planton.Cli.Data.Json;

/// <summary>Reads JSON into <see cref="DataNode"/>s, keeping the spelling of numbers.</summary>
internal static class JsonDataReader
{
    private const int MaxDepth = 256;

    /// <exception cref="JsonException">The text is not one JSON value.</exception>
    public static DataNode Read(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        var node = ReadValue(ref reader);
        // A second value, or anything that is no JSON, makes this throw.
        reader.Read();
        return node;
    }

    public static DataNode Read(string json) => Read(Encoding.UTF8.GetBytes(json));

    private static DataNode ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadMap(ref reader),
        JsonTokenType.StartArray => ReadList(ref reader),
        JsonTokenType.String => new DataText(reader.GetString()!),
        JsonTokenType.Number => new DataNumber(Encoding.ASCII.GetString(reader.ValueSpan)),
        JsonTokenType.True => new DataBool(true),
        JsonTokenType.False => new DataBool(false),
        _ => DataNull.Instance,
    };

    private static DataMap ReadMap(ref Utf8JsonReader reader)
    {
        var map = new DataMap();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            map.Entries[key] = ReadValue(ref reader);
        }

        return map;
    }

    private static DataList ReadList(ref Utf8JsonReader reader)
    {
        var list = new DataList();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            list.Values.Add(ReadValue(ref reader));
        return list;
    }
}
