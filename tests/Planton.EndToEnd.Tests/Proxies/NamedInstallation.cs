using System.Net;
using System.Text.RegularExpressions;
using Planton.EndToEnd.Tests.Trust;
using Planton.Testing.Network;

namespace Planton.EndToEnd.Tests.Proxies;

/// <summary>
/// A control plane and a cluster under names that resolve nowhere (RFC 6761, 6.4): a runner reaches them through a proxy that knows
/// the names, and not at all without.
/// </summary>
public sealed partial class NamedInstallation : HttpsInstallation
{
    internal const string Tunnel = "tunnel.planton.invalid:8443";
    internal const string Api = "api.planton.invalid:443";
    internal const string Cluster = "cluster.planton.invalid:6443";

    private IPEndPoint _cluster = null!;

    /// <summary>The kubeconfig with the cluster's name.</summary>
    internal string NamedKubeconfig { get; private set; } = "";

    public override async ValueTask InitializeAsync()
    {
        await StartAsync(["api.planton.invalid"], "--public-url", "https://api.planton.invalid", "--public-tunnel", Tunnel);
        await LogInAsync();
        var kubeconfig = await File.ReadAllTextAsync(Kubeconfig, TestContext.Current.CancellationToken);
        var server = Server().Match(kubeconfig);
        _cluster = IPEndPoint.Parse(server.Groups["address"].Value);
        var named = $"${{indent}}server: https://{Cluster}\n${{indent}}tls-server-name: localhost";
        NamedKubeconfig = Installation.Write("named-kubeconfig.yaml", Server().Replace(kubeconfig, named));
    }

    /// <summary>A proxy that knows the three names.</summary>
    internal ForwardProxy StartProxy()
    {
        var proxy = Installation.Own(new ForwardProxy());
        proxy.Routes[Tunnel] = IPEndPoint.Parse(Installation.Addresses.Tunnel);
        proxy.Routes[Api] = IPEndPoint.Parse(new Uri(Installation.Addresses.Http).Authority);
        proxy.Routes[Cluster] = _cluster;
        return proxy;
    }

    [GeneratedRegex("^(?<indent> +)server: https://(?<address>[0-9.:]+)$", RegexOptions.Multiline)]
    private static partial Regex Server();
}
