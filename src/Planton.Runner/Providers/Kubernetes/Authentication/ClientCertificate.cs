using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Planton.Runner.Network;

namespace Planton.Runner.Providers.Kubernetes.Authentication;

/// <summary>A client certificate with its key and the intermediates that came with it. Equal when the certificate is.</summary>
internal sealed record ClientCertificate : IDisposable
{
    private ClientCertificate(SslStreamCertificateContext context, string thumbprint) => (Context, Thumbprint) = (context, thumbprint);

    public SslStreamCertificateContext Context { get; }

    public string Thumbprint { get; }

    public bool Equals(ClientCertificate? other) => other?.Thumbprint == Thumbprint;

    public override int GetHashCode() => Thumbprint.GetHashCode(StringComparison.Ordinal);

    public static TargetAttempt<ClientCertificate> Read(string certificatePem, string keyPem, string whose, string advice = "Mend the runner's kubeconfig")
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificatePem);
            return new ClientCertificate(
                SslStreamCertificateContext.Create(certificate, chain, offline: true),
                certificate.GetCertHashString(HashAlgorithmName.SHA256));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return new NetworkFault(NetworkStage.Configuration,
                $"the client certificate and key of {whose} cannot be read or do not belong together", advice);
        }
    }

    /// <summary>Gives up the private key. Only where no other request may use it.</summary>
    public void Dispose() => Context.TargetCertificate.Dispose();

    public override string ToString() => Thumbprint;
}
