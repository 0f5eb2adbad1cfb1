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
        if (ClientKey.IsEncrypted(keyPem))
        {
            return new NetworkFault(NetworkStage.Configuration,
                $"the client key of {whose} is encrypted, and nobody is there to be asked for its password", "Give it without one: openssl pkey -in KEY -out NEW-KEY");
        }

        try
        {
            using var bare = X509Certificate2.CreateFromPem(certificatePem);
            if (ClientKey.Unsupported(bare) is { } kind)
            {
                return new NetworkFault(NetworkStage.Configuration,
                    $"the client certificate of {whose} has {kind} key, with which the runner cannot log in by TLS", "Use one with an ECDSA (P-256) or RSA key");
            }

            var certificate = ClientKey.Join(bare, keyPem);
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
