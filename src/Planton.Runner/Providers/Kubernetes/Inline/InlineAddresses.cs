using System.Net;
using System.Net.Sockets;
using Planton.Runner.Network;

namespace Planton.Runner.Providers.Kubernetes.Inline;

/// <summary>
/// Where a connection that brings its own address may not lead: to what gives this machine its identity in a cloud. A request
/// there would hand the runner's own role to whoever may make connections. The address that is checked is the one that is dialled,
/// also by a proxy: a proxy that is handed a name resolves it for itself.
/// </summary>
internal sealed class InlineAddresses(KubernetesOptions options, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>With the DNS of this machine.</summary>
    public InlineAddresses(KubernetesOptions options)
        : this(options, Dns.GetHostAddressesAsync)
    {
    }

    /// <summary>The definition to dial; with a proxy on the way, pinned to the address that was checked.</summary>
    public async ValueTask<TargetAttempt<TargetDefinition>> CheckAsync(TargetDefinition definition, string? proxy, CancellationToken cancellationToken)
    {
        var host = definition.Server.IdnHost;
        if (MetadataAddresses.Contains(host))
            return Forbidden(definition.Address);
        // Without a proxy a name is looked at when it is dialled.
        if (proxy is null || options.ProxyResolvesNames || IPAddress.TryParse(host.Trim('[', ']'), out _))
            return definition;
        var addresses = await ResolveAsync(host, cancellationToken);
        if (addresses.Length == 0)
        {
            return new NetworkFault(
                NetworkStage.Refused,
                $"the connection's own address {definition.Address} is a name that this runner cannot resolve, and it is not handed to the proxy {proxy} unchecked",
                "Name the cluster by its IP address with tls-server-name, let the runner resolve the name, exempt it with NO_PROXY, or start the runner with --proxy-resolves-names");
        }

        return addresses.Any(MetadataAddresses.Contains) ? Forbidden(definition.Address) : Pin(definition, addresses);
    }

    /// <summary>Dials, after the name was resolved, what may be dialled: a look before would see another answer of DNS.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = MetadataAddresses.Contains(host) ? [] : await resolve(host, cancellationToken);
        if (MetadataAddresses.Contains(host) || addresses.Any(MetadataAddresses.Contains))
            throw new KnownFaultException(Forbidden($"{host}:{port}"));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.ConnectTimeout);
        try
        {
            return await resolve(host, limit.Token);
        }
        catch (Exception e) when (e is SocketException or ArgumentException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return [];
        }
    }

    // IPv4 first: it is what most proxies have a way for.
    private static TargetDefinition Pin(TargetDefinition definition, IPAddress[] addresses)
    {
        var address = Array.Find(addresses, address => address.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
        return definition with { Pinned = new UriBuilder(definition.Server) { Host = address.ToString() }.Uri };
    }

    private static NetworkFault Forbidden(string address) => new(
        NetworkStage.Refused, $"the connection's own address {address} is one at which this machine gets its identity in a cloud", "Name the cluster's address");
}
