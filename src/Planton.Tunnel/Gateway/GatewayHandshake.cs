using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Planton.Tunnel.Identity;
using Planton.Tunnel.Protocol;

namespace Planton.Tunnel.Gateway;

/// <summary>The gateway's side of the TLS handshake: who gets past it, and why another does not.</summary>
internal sealed class GatewayHandshake(IGatewayCertificates certificates, GatewayRefusals refusals)
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>
    /// Returns the runner's identity and certificate. Whoever cannot prove to hold a certificate of our authority with a
    /// runner's identity is refused here. An expired certificate passes, so that its runner can be told.
    /// </summary>
    /// <exception cref="AuthenticationException">The peer is refused; the message says why.</exception>
    public async Task<(RunnerIdentity Identity, X509Certificate2 Certificate)> AuthenticateAsync(SslStream stream, CancellationToken cancellationToken)
    {
        string? refusal = null;
        RunnerIdentity? identity = null;
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(certificates.TrustBundle);
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        try
        {
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = certificates.ServerCertificate,
                    ClientCertificateRequired = true,
                    EnabledSslProtocols = SslProtocols.Tls13,
                    ApplicationProtocols = [TunnelProtocol.ApplicationProtocol],
                    CertificateChainPolicy = policy,
                    AllowRenegotiation = false,
                    AllowTlsResume = false,
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                    {
                        refusal = Refusal(certificate, chain, errors, out identity);
                        return refusal is null;
                    },
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (AuthenticationException e)
        {
            throw new AuthenticationException(refusal ?? $"no common TLS 1.3 parameters ({Reason(e)})", e);
        }

        // A client that offers no protocol at all passes the handshake.
        if (stream.NegotiatedApplicationProtocol != TunnelProtocol.ApplicationProtocol)
            throw new AuthenticationException($"the peer did not ask for {TunnelProtocol.Alpn}");
        if (identity is null || stream.RemoteCertificate is not X509Certificate2 shown)
            throw new AuthenticationException("the peer showed no certificate");
        return (identity, X509CertificateLoader.LoadCertificate(shown.RawDataMemory.Span));
    }

    private string? Refusal(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, out RunnerIdentity? identity)
    {
        identity = null;
        if (certificate is not X509Certificate2 shown)
            return "the peer showed no certificate";
        var statuses = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status) ?? X509ChainStatusFlags.NoError;
        var untrusted = errors & ~SslPolicyErrors.RemoteCertificateNameMismatch;
        if (untrusted != SslPolicyErrors.None && statuses is X509ChainStatusFlags.NoError or not X509ChainStatusFlags.NotTimeValid)
            return $"the certificate is not from our authority or not for this use ({statuses})";
        identity = CertificateIdentity.Read(shown);
        if (identity is null)
            return "the certificate carries no runner's identity";
        if (identity.TrustDomain != certificates.TrustDomain)
            return $"the certificate is of another trust domain ({identity.TrustDomain})";
        return refusals.IsOver(() => shown.GetCertHashString(HashAlgorithmName.SHA256)) ? $"{identity} was refused too often within a minute" : null;
    }

    private static string Reason(Exception e) => (e.InnerException ?? e).Message;
}
