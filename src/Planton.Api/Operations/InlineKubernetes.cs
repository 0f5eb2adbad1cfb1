namespace Planton.Api.Operations;

/// <summary>
/// What of a kubeconfig travels with a request: one cluster and one user, by the names that a kubeconfig gives their fields.
/// There is no field that names a file or a program, and a runner refuses any that is not listed here.
/// </summary>
public static class InlineKubernetes
{
    /// <summary>The capability in the greeting of runners that take <see cref="OperationHeaders.KubernetesConfig"/>.</summary>
    public const string Capability = "kubernetes-inline";

    /// <summary>The capability in the greeting of runners that keep to <see cref="OperationHeaders.AllowedAddresses"/>.</summary>
    public const string RangesCapability = "kubernetes-inline-ranges";

    /// <summary>The cluster's URL.</summary>
    public const string Server = "server";

    /// <summary>Base64 of PEM.</summary>
    public const string CertificateAuthorityData = "certificate-authority-data";

    /// <summary>True to believe any certificate of the cluster.</summary>
    public const string InsecureSkipTlsVerify = "insecure-skip-tls-verify";

    /// <summary>The name in the cluster's certificate, when it is not the one in its URL.</summary>
    public const string TlsServerName = "tls-server-name";

    /// <summary>The proxy on the way from the runner to the cluster.</summary>
    public const string ProxyUrl = "proxy-url";

    /// <summary>A bearer token.</summary>
    public const string Token = "token";

    /// <summary>For basic authentication.</summary>
    public const string Username = "username";

    /// <summary>For basic authentication.</summary>
    public const string Password = "password";

    /// <summary>Base64 of PEM.</summary>
    public const string ClientCertificateData = "client-certificate-data";

    /// <summary>Base64 of PEM.</summary>
    public const string ClientKeyData = "client-key-data";

    /// <summary>Every field; all but <see cref="InsecureSkipTlsVerify"/> are texts.</summary>
    public static IReadOnlyList<string> Fields { get; } =
    [
        Server, CertificateAuthorityData, InsecureSkipTlsVerify, TlsServerName, ProxyUrl,
        Token, Username, Password, ClientCertificateData, ClientKeyData,
    ];
}
