using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Planton.Server.Hosting;

/// <summary>The certificate of <c>--tls-cert</c> and <c>--tls-key</c>.</summary>
internal static class OperatorCertificate
{
    /// <exception cref="StartupException">The files cannot be read or do not belong together.</exception>
    public static SslStreamCertificateContext Load(string certificateFile, string keyFile)
    {
        try
        {
            var leaf = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificateFile);
            return SslStreamCertificateContext.Create(leaf, chain, offline: true);
        }
        // ArgumentException is the framework's word for a key that belongs to another certificate.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new StartupException($"--tls-cert {certificateFile} and --tls-key {keyFile} cannot be used: {exception.Message}", exception);
        }
    }
}
