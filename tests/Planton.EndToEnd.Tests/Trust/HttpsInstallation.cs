using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Planton.EndToEnd.Tests.Installations;

namespace Planton.EndToEnd.Tests.Trust;

/// <summary>A control plane whose API has a certificate of a private authority (<c>--tls-cert</c>, <c>--tls-key</c>), and the sample cluster.</summary>
public class HttpsInstallation : IAsyncLifetime
{
    private readonly PrivateAuthority _authority = new();

    internal FlaggedInstallation Installation { get; } = new();

    /// <summary>The authority's certificate.</summary>
    internal string AuthorityFile { get; private set; } = "";

    internal string AuthorityPem => _authority.Pem;

    /// <summary>Of the sample cluster.</summary>
    internal string Kubeconfig { get; private set; } = "";

    public virtual ValueTask InitializeAsync() => StartAsync([]);

    public async ValueTask DisposeAsync()
    {
        await Installation.DisposeAsync();
        _authority.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <param name="names">Further names of the certificate.</param>
    /// <param name="flags">Further flags of the server.</param>
    internal async ValueTask StartAsync(string[] names, params string[] flags)
    {
        AuthorityFile = Installation.Write("private-ca.pem", _authority.Pem);
        using var certificate = _authority.Issue(["127.0.0.1", "localhost", .. names]);
        using var key = certificate.GetECDsaPrivateKey()!;
        var certificateFile = Installation.Write("tls.pem", certificate.ExportCertificatePem());
        var keyFile = Installation.Write("tls.key", new string(PemEncoding.Write("PRIVATE KEY", key.ExportPkcs8PrivateKey())));
        await Installation.StartServerAsync(
            ["--http", "127.0.0.1:0", "--tunnel", "127.0.0.1:0", "--tls-cert", certificateFile, "--tls-key", keyFile, .. flags]);
        Kubeconfig = await Installation.StartSampleClusterAsync();
    }

    /// <summary>Logs in, trusting the authority; by the server's own URL, or another.</summary>
    internal async Task LogInAsync(string? url = null)
    {
        var login = await Installation.LogInAsync(url ?? Installation.Addresses.Http, "--ca-file", AuthorityFile);
        Assert.True(login.ExitCode == 0, login.ToString());
    }
}
