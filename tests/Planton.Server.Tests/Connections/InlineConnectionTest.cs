using Microsoft.AspNetCore.Http;
using Planton.Api.Connections;
using Planton.Api.Operations;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Routing;

namespace Planton.Server.Tests.Connections;

/// <summary>A runner that takes inline credentials and remembers what it was sent, and connections that bring some.</summary>
public abstract class InlineConnectionTest(SharedServer shared) : RoutedTest(shared)
{
    /// <summary>The headers of the requests that reached the runner.</summary>
    private protected List<HeaderDictionary> Seen { get; } = [];

    private protected Task ConnectRunnerAsync() =>
        StartRunnerAsync("prod", RememberAsync, ["kubernetes", InlineKubernetes.Capability]);

    private protected Task RememberAsync(HttpContext context)
    {
        lock (Seen)
            Seen.Add(new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase)));
        return Task.CompletedTask;
    }

    private protected Task<Connection> CreateAsync(string name, string? kubeconfig) => Admin.CreateConnectionAsync(
        Org,
        new CreateConnectionRequest
        {
            Name = name, Kind = "kubernetes", AuthMode = "inline", Runner = "prod", Kubernetes = new KubernetesTarget { Kubeconfig = kubeconfig },
        },
        Cancellation);

    private protected static string Kubeconfig(string user, string cluster = "") =>
        $$"""
        apiVersion: v1
        current-context: x
        clusters:
        - name: c
          cluster: {server: "https://10.0.0.1:6443"{{(cluster.Length > 0 ? ", " + cluster : "")}}}
        users:
        - name: u
          user: {{{user}}}
        contexts:
        - name: x
          context: {cluster: c, user: u}
        """;

    private protected static string Json(string token) =>
        $$$"""{"current-context":"x","clusters":[{"name":"c","cluster":{"server":"https://s"}}],"users":[{"name":"u","user":{"token":"{{{token}}}"}}],"contexts":[{"name":"x","context":{"cluster":"c","user":"u"}}]}""";
}
