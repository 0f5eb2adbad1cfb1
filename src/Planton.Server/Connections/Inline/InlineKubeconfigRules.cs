using System.Buffers.Text;
using System.Text;
using Planton.Api.Operations;
using Planton.Api.References;
using Planton.Server.References;

namespace Planton.Server.Connections.Inline;

/// <summary>What a kubeconfig may say that travels to a runner. The runner checks again what could harm it.</summary>
internal static class InlineKubeconfigRules
{
    // Of no consequence to a runner, and written by common tools.
    private static readonly string[] Ignored = ["extensions", "disable-compression"];

    private static readonly string[] ClusterFields =
    [
        InlineKubernetes.Server, InlineKubernetes.CertificateAuthorityData, InlineKubernetes.InsecureSkipTlsVerify,
        InlineKubernetes.TlsServerName, InlineKubernetes.ProxyUrl,
    ];

    private static readonly string[] UserFields =
    [
        InlineKubernetes.Token, InlineKubernetes.Username, InlineKubernetes.Password,
        InlineKubernetes.ClientCertificateData, InlineKubernetes.ClientKeyData,
    ];

    /// <summary>Every fault, without the values.</summary>
    public static IEnumerable<string> Check(InlineKubeconfig kubeconfig)
    {
        foreach (var field in kubeconfig.Cluster.Where(field => field.Value is not null).Select(field => field.Key).Except(ClusterFields).Except(Ignored))
            yield return Refusal("cluster", field);
        foreach (var field in kubeconfig.User.Where(field => field.Value is not null).Select(field => field.Key).Except(UserFields).Except(Ignored))
            yield return Refusal("user", field);
        foreach (var fault in CheckReferences(kubeconfig))
            yield return fault;
        if (kubeconfig.Text(InlineKubernetes.Server) is not { } server)
            yield return "has no server";
        else if (!ReferenceText.Is(server) && !IsHttp(server))
            yield return "has a server that is not an http or https URL without user, query and fragment";
        if (kubeconfig.Text(InlineKubernetes.ProxyUrl) is { } proxy && !Uri.TryCreate(proxy, UriKind.Absolute, out _))
            yield return "has a proxy-url that is not a URL";
        if (kubeconfig.Text(InlineKubernetes.InsecureSkipTlsVerify) is { } insecure && InlineKubeconfig.Boolean(insecure) is null)
            yield return "has an insecure-skip-tls-verify that is neither true nor false";
        if (kubeconfig.IsInsecure && kubeconfig.Text(InlineKubernetes.CertificateAuthorityData) is not null)
            yield return "has both insecure-skip-tls-verify and a certificate authority";
        foreach (var field in (string[])[InlineKubernetes.CertificateAuthorityData, InlineKubernetes.ClientCertificateData, InlineKubernetes.ClientKeyData])
        {
            if (kubeconfig.Text(field) is { } data && !ReferenceText.Is(data) && !IsPem(data))
                yield return $"has a {field} that is not PEM in base64";
        }

        if (kubeconfig.Text(InlineKubernetes.ClientCertificateData) is not null != kubeconfig.Text(InlineKubernetes.ClientKeyData) is not null)
            yield return "has only one of client-certificate-data and client-key-data";
        if (kubeconfig.Text(InlineKubernetes.Token) is { } token && !ReferenceText.Is(token) && !token.All(c => c is > ' ' and < (char)127))
            yield return "has a token that cannot stand in a header";
    }

    private static IEnumerable<string> CheckReferences(InlineKubeconfig kubeconfig) => InlineKubernetes.Fields
        .Where(field => kubeconfig.Text(field) is { } text && ReferenceText.Is(text) && Reference.Parse(text) is null)
        .Select(field => $"has a {field} that begins as a reference and is none: it {Reference.Rule}");

    private static bool IsHttp(string server) =>
        Uri.TryCreate(server, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { UserInfo: "", Query: "", Fragment: "" };

    private static bool IsPem(string data)
    {
        if (!Base64.IsValid(data))
            return false;
        return Encoding.Latin1.GetString(Convert.FromBase64String(data)).Contains("-----BEGIN ", StringComparison.Ordinal);
    }

    private static string Refusal(string part, string field) => field switch
    {
        "exec" or "auth-provider" => $"its {part} has {field}: a runner runs no program that an inline connection names. Use a token or a certificate, or --auth-mode runner",
        "tokenFile" or "client-certificate" or "client-key" or "certificate-authority" =>
            $"its {part} has {field}, which is a file: put the content in its place. kubectl config view --raw --minify --flatten does that",
        "<<" => $"its {part} has a merge key (<<): write its fields out. kubectl config view --raw --minify --flatten does that",
        "as" or "as-uid" or "as-groups" or "as-user-extra" => $"its {part} has {field}: acting as another user is not done. Use credentials of that user",
        _ => $"its {part} has a field that is not taken here{(field.Length <= 64 && field.All(char.IsAsciiLetterOrDigit) ? $" ({field})" : "")}",
    };
}
