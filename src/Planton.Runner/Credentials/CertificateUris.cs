using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Planton.Runner.Credentials;

/// <summary>Reads the URI names of a certificate, which the framework's own class does not list.</summary>
internal static class CertificateUris
{
    private const string SubjectAlternativeName = "2.5.29.17";

    // GeneralName ::= CHOICE { … uniformResourceIdentifier [6] IA5String … } (RFC 5280, 4.2.1.6)
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);

    public static IReadOnlyList<string> Read(X509Certificate2 certificate)
    {
        var uris = new List<string>();
        foreach (var extension in certificate.Extensions)
        {
            if (extension.Oid?.Value != SubjectAlternativeName)
                continue;
            try
            {
                var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    if (names.PeekTag().HasSameClassAndValue(Uri))
                        uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, Uri));
                    else
                        names.ReadEncodedValue();
                }
            }
            catch (AsnContentException)
            {
                return [];
            }
        }

        return uris;
    }
}
