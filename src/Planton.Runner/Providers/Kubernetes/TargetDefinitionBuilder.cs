using System.Text;
using Planton.Runner.Files;
using Planton.Runner.Network;
using Planton.Runner.Providers.Kubernetes.Configuration;

namespace Planton.Runner.Providers.Kubernetes;

/// <summary>Makes a definition from a kubeconfig's context or from the pod's service account.</summary>
internal static class TargetDefinitionBuilder
{
    private const int MaxPemBytes = 1024 * 1024;
    private const int MaxListedContexts = 20;

    public static TargetAttempt<TargetDefinition> FromServiceAccount(KubeLocation location, string folder) =>
        ReadFile(Path.Combine(folder, "ca.crt"), "the certificate authority") is { Fault: { } fault }
            ? fault
            : new TargetDefinition
            {
                Name = location.Origin,
                Server = location.InCluster!,
                AuthorityPem = ReadFile(Path.Combine(folder, "ca.crt"), "the certificate authority").Value,
                TokenFile = Path.Combine(folder, "token"),
            };

    /// <summary>The cluster and the user of a context of the runner's own kubeconfig.</summary>
    public static TargetAttempt<KubeSelection> Select(KubeConfig config, string? context)
    {
        var name = context ?? config.CurrentContext;
        if (name is null)
            return Fault("the runner's kubeconfig has no current-context, and the connection names none", $"Name one: {List(config)}");
        if (!config.Contexts.TryGetValue(name, out var found))
            return Fault($"the runner's kubeconfig has no context '{name}'", $"It has: {List(config)}");
        if (found.Cluster is null || !config.Clusters.TryGetValue(found.Cluster, out var cluster))
            return Fault($"the runner's kubeconfig has no cluster '{found.Cluster}', which context '{name}' names", "");
        var user = new KubeUser();
        if (found.User is not null && !config.Users.TryGetValue(found.User, out user))
            return Fault($"the runner's kubeconfig has no user '{found.User}', which context '{name}' names", "");
        return new KubeSelection($"context '{name}'", cluster, user);
    }

    /// <summary>With files read in. References must have been resolved.</summary>
    public static TargetAttempt<TargetDefinition> Build(KubeSelection selection)
    {
        var server = selection.Cluster.Server;
        if (server is null || !Uri.TryCreate(server, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
            return Fault($"the cluster of {selection.Name} has no server URL (https://host:port)", selection.Advice);
        return Unsupported(selection.Cluster, selection.User, selection.Name) is { } unsupported ? unsupported : Read(selection, address);
    }

    /// <summary>The files whose content goes into a context's definition.</summary>
    public static IEnumerable<string> Files(KubeConfig config, string? context)
    {
        if ((context ?? config.CurrentContext) is not { } name || !config.Contexts.TryGetValue(name, out var found))
            return [];
        var cluster = found.Cluster is null ? null : config.Clusters.GetValueOrDefault(found.Cluster);
        var user = found.User is null ? null : config.Users.GetValueOrDefault(found.User);
        return new[] { cluster?.CertificateAuthority, user?.ClientCertificate, user?.ClientKey }.OfType<string>();
    }

    private static TargetAttempt<TargetDefinition> Read(KubeSelection selection, Uri server)
    {
        var (name, cluster, user) = (selection.Name, selection.Cluster, selection.User);
        NetworkFault? fault = null;
        var definition = new TargetDefinition
        {
            Name = name,
            Advice = selection.Advice,
            Server = server,
            AuthorityPem = Pem(cluster.CertificateAuthorityData, cluster.CertificateAuthority, "certificate-authority"),
            SkipVerify = cluster.InsecureSkipTlsVerify,
            TlsServerName = cluster.TlsServerName,
            ProxyUrl = cluster.ProxyUrl,
            ClientCertificatePem = Pem(user.ClientCertificateData, user.ClientCertificate, "client-certificate"),
            ClientKeyPem = Pem(user.ClientKeyData, user.ClientKey, "client-key"),
            Token = user.Token,
            TokenFile = user.TokenFile,
            Username = user.Username,
            Password = user.Password,
            Exec = user.Exec,
            ExecExtension = cluster.ExecExtension,
        };
        return fault is null ? definition : fault;

        // Data goes before the file, as everywhere around Kubernetes.
        string? Pem(string? data, string? file, string field)
        {
            if (data is null && file is null)
                return null;
            var read = data is not null ? Decode(data, field, name) : ReadFile(file!, $"the {field} of {name}");
            fault ??= read.Fault;
            return read.Value;
        }
    }

    private static NetworkFault? Unsupported(KubeCluster cluster, KubeUser user, string name)
    {
        if (cluster.InsecureSkipTlsVerify && (cluster.CertificateAuthority ?? cluster.CertificateAuthorityData) is not null)
            return Fault($"{name} sets both insecure-skip-tls-verify and a certificate authority", "Remove one of them");
        if (cluster.ProxyUrl is not null && ProxyAddress.Parse(cluster.ProxyUrl) is null)
            return Fault($"the proxy-url of {name} is not the URL of a proxy", "Use http://host:port");
        if (user.AuthProvider is not null)
            return Fault($"{name} logs in with auth-provider '{user.AuthProvider}', which Kubernetes removed in 1.26", "Use the exec plugin of that provider");
        if (user.Impersonates)
            return Fault($"{name} impersonates another user (as, as-groups), which the runner does not do", "Give the runner credentials of that user");
        if ((user.ClientCertificate ?? user.ClientCertificateData) is not null != (user.ClientKey ?? user.ClientKeyData) is not null)
            return Fault($"{name} has only one of client certificate and client key", "Give both");
        return user.Exec is { } exec ? ExecFault(exec, name) : null;
    }

    private static NetworkFault? ExecFault(ExecSpec exec, string name)
    {
        if (exec.Command.Length == 0)
            return Fault($"the exec plugin of {name} has no command", "");
        if (exec.ApiVersion is not ("client.authentication.k8s.io/v1" or "client.authentication.k8s.io/v1beta1"))
            return Fault($"the exec plugin of {name} has apiVersion '{exec.ApiVersion}'", "Use client.authentication.k8s.io/v1");
        return exec.InteractiveMode == "Always"
            ? Fault($"the exec plugin of {name} wants a terminal (interactiveMode: Always), and a runner has none", "Use credentials that need no person")
            : null;
    }

    private static TargetAttempt<string> Decode(string data, string field, string name)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(data));
        }
        catch (FormatException)
        {
            return Fault($"the {field}-data of {name} is not base64", "");
        }
    }

    private static TargetAttempt<string> ReadFile(string path, string what)
    {
        try
        {
            return MountedFile.Read(path, MaxPemBytes) is { } text
                ? text
                : Fault($"{what}, {path}, is larger than {MaxPemBytes} bytes", "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fault($"{what}, {path}, cannot be read by the runner ({e.GetType().Name})", "");
        }
    }

    private static string List(KubeConfig config) => config.Contexts.Count == 0
        ? "no context at all"
        : string.Join(", ", config.Contexts.Keys.Order(StringComparer.Ordinal).Take(MaxListedContexts));

    private static NetworkFault Fault(string what, string advice) => new(NetworkStage.Configuration, what, advice);
}
