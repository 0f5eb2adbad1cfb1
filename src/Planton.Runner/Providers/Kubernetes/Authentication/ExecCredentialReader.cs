using System.Text.Json;

namespace Planton.Runner.Providers.Kubernetes.Authentication;

/// <summary>Reads an ExecCredential object.</summary>
internal static class ExecCredentialReader
{
    /// <summary>Either the credential, or what is wrong with the output (which is never quoted).</summary>
    public static (ExecCredential? Credential, string? Fault) Read(ReadOnlyMemory<byte> output, string apiVersion)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "kind") != "ExecCredential")
                return (null, "printed something else than an ExecCredential");
            if (Text(root, "apiVersion") is var version && version != apiVersion)
                return (null, $"answered with apiVersion '{version}' where '{apiVersion}' was asked for");
            if (!root.TryGetProperty("status", out var status) || status.ValueKind != JsonValueKind.Object)
                return (null, "printed an ExecCredential without a status");
            DateTimeOffset? expires = null;
            if (status.TryGetProperty("expirationTimestamp", out var at) && at.ValueKind != JsonValueKind.Null)
            {
                if (at.ValueKind != JsonValueKind.String || !at.TryGetDateTimeOffset(out var parsed))
                    return (null, "printed an expirationTimestamp that is no time");
                expires = parsed;
            }

            var credential = new ExecCredential(
                Text(status, "token"), Text(status, "clientCertificateData"), Text(status, "clientKeyData"), expires);
            if (credential.CertificatePem is null != credential.KeyPem is null)
                return (null, "gave only one of client certificate and client key");
            return credential.Token is null && credential.CertificatePem is null
                ? (null, "gave neither a token nor a client certificate")
                : (credential, null);
        }
        catch (JsonException)
        {
            return (null, "printed something that is not JSON");
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
