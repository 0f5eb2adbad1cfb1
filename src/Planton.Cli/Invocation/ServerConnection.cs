using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Planton.Api.Client;

namespace Planton.Cli.Invocation;

/// <summary>Makes the HTTP client for a control plane.</summary>
internal static class ServerConnection
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Checks the address and the authorities, and makes the client; nothing is sent yet.</summary>
    public static bool TryCreate(
        string server, string? caCertificates, string? apiKey, [NotNullWhen(true)] out HttpClient? http, [NotNullWhen(false)] out CliError? error)
    {
        http = null;
        if (!TryParse(server, out var address, out error))
            return false;
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip,
            ActivityHeadersPropagator = null,
        };
        if (caCertificates is not null)
        {
            if (!TryReadAuthorities(caCertificates, out var authorities, out error))
            {
                handler.Dispose();
                return false;
            }

            handler.SslOptions.CertificateChainPolicy = Trusting(authorities);
        }

        // Watches stay open for as long as they like: time-outs belong to each request.
        http = new HttpClient(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        if (apiKey is not null)
            http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(apiKey);
        return true;
    }

    /// <summary>A control plane's address, in the form in which it is stored and compared.</summary>
    public static bool TryParse(string server, [NotNullWhen(true)] out Uri? address, [NotNullWhen(false)] out CliError? error)
    {
        error = null;
        if (Uri.TryCreate(server, UriKind.Absolute, out address)
            && address.Scheme is "http" or "https"
            && address is { UserInfo: "", Query: "", Fragment: "" })
        {
            address = new Uri(address.AbsoluteUri.TrimEnd('/') + "/");
            return true;
        }

        address = null;
        error = CliError.Usage($"'{server}' is not a server's address", "Give a URL such as https://planton.example.com (--server, PLANTON_SERVER).");
        return false;
    }

    /// <summary>Reads authorities from PEM.</summary>
    public static bool TryReadAuthorities(string pem, [NotNullWhen(true)] out X509Certificate2Collection? authorities, [NotNullWhen(false)] out CliError? error)
    {
        authorities = [];
        error = null;
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            authorities.Clear();
        }

        if (authorities.Count > 0)
            return true;
        authorities = null;
        error = CliError.Usage("the server's certificate authority is not a PEM certificate", "Give a file that holds -----BEGIN CERTIFICATE----- with --ca-file.");
        return false;
    }

    private static X509ChainPolicy Trusting(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // A private authority seldom publishes a revocation list.
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
