using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Planton.Tunnel.Identity;

/// <summary>Reads the SPIFFE id out of a certificate.</summary>
public static class CertificateIdentity
{
    private const string SubjectAlternativeName = "2.5.29.17";

    // GeneralName ::= CHOICE { … uniformResourceIdentifier [6] IA5String … } (RFC 5280, section 4.2.1.6)
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>
    /// The identity of a runner's certificate, or null: a certificate with no URI name, with two, or with one that is not a
    /// runner's id has none (the X.509-SVID standard allows exactly one).
    /// </summary>
    public static RunnerIdentity? Read(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        try
        {
            return UriNames(certificate) is [var only] ? RunnerIdentity.Parse(only) : null;
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            return null;
        }
    }

    private static List<string> UriNames(X509Certificate2 certificate)
    {
        var names = new List<string>();
        foreach (var extension in certificate.Extensions.Where(e => e.Oid?.Value == SubjectAlternativeName))
        {
            var sequence = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (sequence.HasData)
            {
                if (sequence.PeekTag() == UriTag)
                    names.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
                else
                    sequence.ReadEncodedValue();
            }
        }

        return names;
    }
}
