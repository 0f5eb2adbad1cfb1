using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Planton.Api.Operations;

namespace Planton.Server.Connections.Inline;

/// <summary>One cluster and one user of a kubeconfig. Printing it prints no secret.</summary>
internal sealed class InlineKubeconfig(JsonObject cluster, JsonObject user)
{
    // Base64 stays as long as it is: the default encoder would make six characters of each plus sign.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public JsonObject Cluster { get; } = cluster;

    public JsonObject User { get; } = user;

    /// <summary>The text of a field of either; null when it is missing or empty.</summary>
    public string? Text(string field) =>
        (Cluster[field] ?? User[field]) is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    public bool IsInsecure => Boolean(Text(InlineKubernetes.InsecureSkipTlsVerify)) == true;

    /// <summary>As YAML 1.1 has it, which is what the tools of Kubernetes read; null when it is neither.</summary>
    public static bool? Boolean(string? text) => text switch
    {
        "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => true,
        "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    /// <summary>As it is stored and sent: only the fields that there are in <see cref="InlineKubernetes"/>.</summary>
    public ArrayBufferWriter<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Plain);
        json.WriteStartObject();
        foreach (var field in InlineKubernetes.Fields)
        {
            if (field == InlineKubernetes.InsecureSkipTlsVerify)
            {
                if (IsInsecure)
                    json.WriteBoolean(field, true);
            }
            else if (Text(field) is { } text)
            {
                json.WriteString(field, text);
            }
        }

        json.WriteEndObject();
        return buffer;
    }

    public override string ToString() => nameof(InlineKubeconfig);
}
