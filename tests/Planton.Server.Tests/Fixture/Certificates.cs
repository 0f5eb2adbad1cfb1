using System.Security.Cryptography.X509Certificates;
using Planton.Api.Runners;
using Planton.Server.CertificateAuthority;

namespace Planton.Server.Tests.Fixture;

internal static class Certificates
{
    /// <summary>The certificate of a credentials document, with its key.</summary>
    public static X509Certificate2 Certificate(this RunnerCredentials credentials) =>
        X509Certificate2.CreateFromPem(credentials.Tunnel!.Certificate, credentials.Tunnel.PrivateKey);

    public static bool IsIssuedBy(this X509Certificate2 certificate, X509Certificate2 authority, string usage, DateTimeOffset at)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(usage));
        return chain.Build(certificate);
    }

    /// <summary>For clients that speak TLS with the server: its own authority and no other.</summary>
    public static X509ChainPolicy TrustOf(ServerFixture server)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(server.Get<CertificateAuthorityService>().TrustBundle);
        return policy;
    }

    /// <summary>The one URI of a certificate; fails when there are other names or more of them.</summary>
    public static string SingleUri(this X509Certificate2 certificate)
    {
        var extension = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Empty(extension.EnumerateDnsNames());
        Assert.Empty(extension.EnumerateIPAddresses());
        var names = new System.Formats.Asn1.AsnReader(extension.RawData, System.Formats.Asn1.AsnEncodingRules.DER).ReadSequence();
        var uri = names.ReadCharacterString(
            System.Formats.Asn1.UniversalTagNumber.IA5String, new System.Formats.Asn1.Asn1Tag(System.Formats.Asn1.TagClass.ContextSpecific, 6));
        Assert.False(names.HasData, "more than one name");
        return uri;
    }
}
