using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Planton.Runner.Providers.Kubernetes.Authentication;

/// <summary>The value of KUBERNETES_EXEC_INFO: what a plugin is told.</summary>
internal static class ExecInfo
{
    public static string Write(TargetDefinition definition)
    {
        var spec = definition.Exec!;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", spec.ApiVersion);
            json.WriteString("kind", "ExecCredential");
            json.WriteStartObject("spec");
            json.WriteBoolean("interactive", false);
            if (spec.ProvideClusterInfo)
                WriteCluster(json, definition);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteCluster(Utf8JsonWriter json, TargetDefinition definition)
    {
        json.WriteStartObject("cluster");
        json.WriteString("server", definition.Server.OriginalString);
        if (definition.TlsServerName is { } name)
            json.WriteString("tls-server-name", name);
        if (definition.SkipVerify)
            json.WriteBoolean("insecure-skip-tls-verify", true);
        if (definition.AuthorityPem is { } pem)
            json.WriteBase64String("certificate-authority-data", Encoding.UTF8.GetBytes(pem));
        if (definition.ProxyUrl is { } proxy)
            json.WriteString("proxy-url", proxy);
        if (definition.ExecExtension is { } extension)
        {
            json.WritePropertyName("config");
            json.WriteRawValue(extension);
        }

        json.WriteEndObject();
    }
}
