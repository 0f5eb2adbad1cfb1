using System.Net;
using System.Security.Cryptography.X509Certificates;
using Planton.Server.Hosting;

namespace Planton.Server.CertificateAuthority;

/// <summary>The names that the server's certificate must have: every way in which this server's settings say it is reached.</summary>
internal sealed class ServerNames(ServerOptions options)
{
    public IReadOnlyList<string> All { get; } = Collect(options);

    public bool AreThoseOf(X509Certificate2 certificate)
    {
        var extension = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        if (extension is null)
            return false;
        var present = extension.EnumerateDnsNames()
            .Concat(extension.EnumerateIPAddresses().Select(address => address.ToString()))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return present.SetEquals(All);
    }

    private static List<string> Collect(ServerOptions options)
    {
        string?[] hosts =
        [
            "localhost",
            IPAddress.Loopback.ToString(),
            IPAddress.IPv6Loopback.ToString(),
            options.Http.Host,
            options.Tunnel.Host,
            options.PublicUrl?.IdnHost,
            options.PublicTunnel?.Host,
            // What listens on every address is reached by the machine's name, unless the settings give a better one.
            ListenAddress.IsWildcard(options.Http) || ListenAddress.IsWildcard(options.Tunnel) ? Dns.GetHostName() : null,
        ];
        return
        [
            .. hosts
                .OfType<string>()
                .Where(host => !ListenAddress.IsWildcard(host))
                .Select(host => IPAddress.TryParse(host, out var address) ? address.ToString() : host.ToLowerInvariant())
                .Distinct(StringComparer.Ordinal),
        ];
    }
}
