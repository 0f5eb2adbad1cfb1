using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Planton.Runner.Providers.Kubernetes.Configuration;

/// <summary>Writes a YAML tree as JSON: extensions are handed to credential plugins in that form.</summary>
internal static class YamlToJson
{
    private const int MaxDepth = 32;
    private const int MaxBytes = 64 * 1024;

    public static string Write(YamlNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            Write(json, node, 0);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, YamlNode node, int depth)
    {
        // Anchors can make a small file an endless tree, or a very wide one.
        if (depth > MaxDepth || json.BytesCommitted + json.BytesPending > MaxBytes)
            throw new YamlException("an extension is nested too deeply or too large");
        switch (node)
        {
            case YamlMappingNode map:
                json.WriteStartObject();
                foreach (var (key, value) in map.Children)
                {
                    json.WritePropertyName(key is YamlScalarNode { Value: { } name } ? name : "");
                    Write(json, value, depth + 1);
                }

                json.WriteEndObject();
                break;
            case YamlSequenceNode list:
                json.WriteStartArray();
                foreach (var item in list.Children)
                    Write(json, item, depth + 1);
                json.WriteEndArray();
                break;
            case YamlScalarNode scalar:
                Write(json, scalar);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, YamlScalarNode scalar)
    {
        if (YamlNodes.IsNull(scalar))
            json.WriteNullValue();
        else if (scalar.Style == ScalarStyle.Plain && scalar.Value is "true" or "false")
            json.WriteBooleanValue(scalar.Value == "true");
        else if (scalar.Style == ScalarStyle.Plain
            && decimal.TryParse(scalar.Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            json.WriteNumberValue(number);
        else
            json.WriteStringValue(scalar.Value);
    }
}
