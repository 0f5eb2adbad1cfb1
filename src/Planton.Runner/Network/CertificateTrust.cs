using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Planton.Runner.Network;

/// <summary>Builds the client side of TLS: which authorities are trusted, and refusals that say which rule was broken.</summary>
internal static class CertificateTrust
{
    /// <param name="roots">The only authorities to trust; null for those of the operating system (and SSL_CERT_FILE).</param>
    /// <param name="skipVerify">Accept any certificate.</param>
    public static SslClientAuthenticationOptions Create(X509Certificate2Collection? roots, bool skipVerify = false)
    {
        var options = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                skipVerify || Accept(certificate as X509Certificate2, chain, errors, roots),
        };
        // Also where any certificate is accepted: the chain is built all the same.
        options.CertificateChainPolicy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            // No fetching of intermediates from addresses that a stranger's certificate names.
            DisableCertificateDownloads = true,
        };
        if (roots is not null && !skipVerify)
        {
            options.CertificateChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            options.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
            options.CertificateChainPolicy.ExtraStore.AddRange(roots);
        }

        return options;
    }

    private static bool Accept(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, X509Certificate2Collection? roots)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            throw new CertificateRefusedException("the server presented no certificate", "");
        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? 0;
        // A bundle may name an intermediate as the authority. Kubernetes clients written in Go take it; so do we.
        var anchored = status == X509ChainStatusFlags.PartialChain
            && roots is not null
            && chain!.ChainElements is [.., var last]
            && roots.Any(root => root.RawDataMemory.Span.SequenceEqual(last.Certificate.RawDataMemory.Span));
        if (!anchored && errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
            throw ChainRefused(certificate, status, roots is not null);
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            throw new CertificateRefusedException(
                $"the server's certificate is for {Names(certificate)}, not for the name that was dialled",
                "Use a name that the certificate has, or set tls-server-name");
        }

        return true;
    }

    private static CertificateRefusedException ChainRefused(X509Certificate2 certificate, X509ChainStatusFlags status, bool customRoots)
    {
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return new CertificateRefusedException(
                string.Create(CultureInfo.InvariantCulture,
                    $"the server's certificate is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}, and not now"),
                "Renew it, and check this machine's clock");
        }

        if ((status & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != 0)
        {
            return new CertificateRefusedException(
                $"the server's certificate comes from an unknown authority ({certificate.Issuer})",
                customRoots
                    ? "Check that the configured certificate authority is this server's. A proxy that intercepts TLS shows its own authority here"
                    : "Add the authority to the system's store or name its file in SSL_CERT_FILE. A proxy that intercepts TLS shows its own authority here");
        }

        return new CertificateRefusedException($"the server's certificate is not acceptable ({status})", "");
    }

    private static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(a => a.ToString())))
            .Take(8)
            .ToArray();
        return names.Length == 0 ? certificate.Subject : string.Join(", ", names);
    }
}
