using System.Security.Cryptography;
using System.Text.Json;
using Planton.Api.Operations;
using Planton.Runner.Network;
using Planton.Runner.Providers.Kubernetes.Configuration;

namespace Planton.Runner.Providers.Kubernetes.Inline;

/// <summary>
/// Reads what a connection brings itself. Only the fields of <see cref="InlineKubernetes"/> are taken: there is none that names
/// a program or a file, so that a control plane, even one in the wrong hands, cannot run or read anything here by it.
/// </summary>
internal static class InlineConfigReader
{
    private const string Whose = "the connection's own kubeconfig";
    private const int MaxShownName = 64;

    public static TargetAttempt<KubeSelection> Read(string header)
    {
        // Pinned: the garbage collector makes no copies that would stay when this one is overwritten.
        var plain = GC.AllocateArray<byte>(header.Length, pinned: true);
        try
        {
            if (!Convert.TryFromBase64String(header, plain, out var length))
                return Refused("is not base64");
            using var document = JsonDocument.Parse(plain.AsMemory(0, length));
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return Refused("is not JSON");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static TargetAttempt<KubeSelection> Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return Refused("is not an object");
        foreach (var property in root.EnumerateObject())
        {
            if (!InlineKubernetes.Fields.Contains(property.Name))
                return Refused($"has {Shown(property.Name)}, and only the cluster's address and credentials that are data are taken: no program is run and no file is read for it");
            var wanted = property.Name == InlineKubernetes.InsecureSkipTlsVerify
                ? property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False
                : property.Value.ValueKind == JsonValueKind.String;
            if (!wanted)
                return Refused($"has a {property.Name} of the wrong kind");
        }

        var cluster = new KubeCluster
        {
            Server = Text(InlineKubernetes.Server),
            CertificateAuthorityData = Text(InlineKubernetes.CertificateAuthorityData),
            InsecureSkipTlsVerify = root.TryGetProperty(InlineKubernetes.InsecureSkipTlsVerify, out var insecure) && insecure.GetBoolean(),
            TlsServerName = Text(InlineKubernetes.TlsServerName),
            ProxyUrl = Text(InlineKubernetes.ProxyUrl),
        };
        var user = new KubeUser
        {
            Token = Text(InlineKubernetes.Token),
            Username = Text(InlineKubernetes.Username),
            Password = Text(InlineKubernetes.Password),
            ClientCertificateData = Text(InlineKubernetes.ClientCertificateData),
            ClientKeyData = Text(InlineKubernetes.ClientKeyData),
        };
        return new KubeSelection(Whose, cluster, user) { Advice = "Make the connection anew" };

        string? Text(string field) => root.TryGetProperty(field, out var value) && value.GetString() is { Length: > 0 } text ? text : null;
    }

    private static string Shown(string name) =>
        name.Length <= MaxShownName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? $"the field '{name}'" : "a field that is not known";

    private static NetworkFault Refused(string why) => new(NetworkStage.Refused, $"{Whose} {why}", "Make the connection anew");
}
