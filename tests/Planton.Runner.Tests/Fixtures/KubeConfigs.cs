using System.Text;

namespace Planton.Runner.Tests.Fixtures;

/// <summary>Kubeconfig texts.</summary>
internal static class KubeConfigs
{
    /// <summary>One cluster, one user, one context named <c>test</c>. The parts are YAML flow mappings without braces.</summary>
    public static string One(string server, string cluster = "", string user = "") =>
        $$"""
        apiVersion: v1
        kind: Config
        current-context: test
        clusters:
        - name: c
          cluster: {server: "{{server}}"{{(cluster.Length > 0 ? ", " + cluster : "")}}}
        users:
        - name: u
          user: {{{user}}}
        contexts:
        - name: test
          context: {cluster: c, user: u}
        """;

    public static string Authority(TestAuthority authority) => $"certificate-authority-data: {Base64(authority.Pem)}";

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
