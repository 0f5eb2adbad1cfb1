using System.Globalization;
using System.Text.Json.Nodes;
using Planton.Kubeconfigs;
using Planton.Runner.Files;
using Planton.Runner.Network;
using YamlDotNet.Core;

namespace Planton.Runner.Providers.Kubernetes.Configuration;

/// <summary>Reads one kubeconfig file (YAML, and so JSON too) as kubectl does. Unknown fields are ignored.</summary>
internal static class KubeConfigReader
{
    private const int MaxBytes = 8 * 1024 * 1024;
    private const int MaxExtension = 64 * 1024;
    private const string ExecExtensionName = "client.authentication.k8s.io/exec";

    public static TargetAttempt<KubeConfig> ReadFile(string path)
    {
        try
        {
            return MountedFile.Read(path, MaxBytes) is { } text ? Read(text, path) : Fault(path, $"is larger than {MaxBytes} bytes");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fault(path, $"cannot be read: {e.Message}");
        }
    }

    public static TargetAttempt<KubeConfig> Read(string text, string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            var read = KubernetesYaml.Read(text, out _);
            if (read is null)
                return new KubeConfig();
            if (read is not JsonObject root)
                return Fault(path, "is not a kubeconfig");
            if (KubeconfigRules.Fault(root) is { } fault)
                return Fault(path, $"is not one that kubectl reads: {fault}");
            return new KubeConfig
            {
                CurrentContext = root.Text("current-context"),
                Clusters = Named(root, "clusters", "cluster", node => Cluster(node, folder)),
                Users = Named(root, "users", "user", node => User(node, folder)),
                Contexts = Named(root, "contexts", "context", node => new KubeContext(node.Text("cluster"), node.Text("user"))),
            };
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // Some broken texts make the parser fail its own checks.
            return Fault(path, "is not valid YAML");
        }
        catch (YamlException e)
        {
            // Only the place: the parser's message may quote a secret.
            return Fault(path, string.Create(CultureInfo.InvariantCulture, $"is not valid YAML (line {e.Start.Line}, column {e.Start.Column})"));
        }
    }

    private static Dictionary<string, T> Named<T>(JsonObject root, string list, string field, Func<JsonNode?, T> read)
    {
        var all = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var item in root.Items(list))
        {
            if (item.Text("name") is { } name)
                all.TryAdd(name, read(item.Get(field)));
        }

        return all;
    }

    private static KubeCluster Cluster(JsonNode? node, string folder) => new()
    {
        Server = node.Text("server"),
        CertificateAuthority = InFolder(node.Text("certificate-authority"), folder),
        CertificateAuthorityData = node.Text("certificate-authority-data"),
        InsecureSkipTlsVerify = node.Flag("insecure-skip-tls-verify"),
        TlsServerName = node.Text("tls-server-name"),
        ProxyUrl = node.Text("proxy-url"),
        ExecExtension = node.Items("extensions").FirstOrDefault(e => e.Text("name") == ExecExtensionName).Get("extension") is { } extension
            ? Extension(extension)
            : null,
    };

    private static KubeUser User(JsonNode? node, string folder) => new()
    {
        ClientCertificate = InFolder(node.Text("client-certificate"), folder),
        ClientCertificateData = node.Text("client-certificate-data"),
        ClientKey = InFolder(node.Text("client-key"), folder),
        ClientKeyData = node.Text("client-key-data"),
        Token = node.Text("token"),
        TokenFile = InFolder(node.Text("tokenFile"), folder),
        Username = node.Text("username"),
        Password = node.Text("password"),
        Exec = Exec(node.Get("exec"), folder),
        AuthProvider = node.Get("auth-provider") is JsonObject provider ? provider.Text("name") ?? "unnamed" : null,
        Impersonates = node.Text("as") is not null || node.Text("as-uid") is not null
            || node.Items("as-groups").Any() || node.Get("as-user-extra") is JsonObject { Count: > 0 },
    };

    private static string Extension(JsonNode extension)
    {
        var json = extension.ToJsonString();
        return json.Length <= MaxExtension ? json : throw new YamlException("an extension is too large");
    }

    private static ExecSpec? Exec(JsonNode? node, string folder) => node is not JsonObject ? null : new ExecSpec
    {
        ApiVersion = node.Text("apiVersion") ?? "",
        // A bare name is looked up on PATH; anything with a separator is a path, relative to the file.
        Command = node.Text("command") is { } command && command.Contains('/', StringComparison.Ordinal)
            ? InFolder(command, folder)!
            : node.Text("command") ?? "",
        Arguments = [.. node.Items("args").Select(argument => argument?.GetValue<string>() ?? "")],
        Environment = [.. node.Items("env").Where(e => e.Text("name") is not null)
            .Select(e => KeyValuePair.Create(e.Text("name")!, e.Text("value") ?? ""))],
        ProvideClusterInfo = node.Flag("provideClusterInfo"),
        InstallHint = node.Text("installHint"),
        InteractiveMode = node.Text("interactiveMode"),
    };

    private static string? InFolder(string? path, string folder) => path is null ? null : Path.GetFullPath(path, folder);

    private static NetworkFault Fault(string path, string why) =>
        new(NetworkStage.Configuration, $"the runner's kubeconfig {path} {why}", "Mend the file on the runner's machine");
}
